using System.Text;
using System.Text.Json.Serialization.Metadata;
using SuperCache.Wire;

namespace SuperCache;

/// <summary>The application's own types that travel to other nodes, each under a short name.</summary>
/// <remarks>
/// <para>Numbers, text, dates, <see cref="Guid"/>, <see cref="Uri"/>, <see cref="Version"/>, byte arrays, and tuples,
/// arrays and lists of these travel without being registered. Enums and everything else must be registered, under the
/// same names at all nodes: no type is ever loaded because bytes from outside name it.</para>
/// <para>Not safe for several threads; read once, when the cache starts.</para>
/// </remarks>
public sealed class WireTypeRegistry
{
    private readonly Dictionary<string, ValueCodec> _codecs = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _types = [];

    internal IReadOnlyCollection<ValueCodec> Codecs => _codecs.Values;

    /// <summary>Registers a type that travels as JSON.</summary>
    /// <typeparam name="T">A class or a structure; only values of exactly this type travel under the name.</typeparam>
    /// <param name="name">1 to 31 bytes of UTF-8; one name means one type. It must never be given to another
    /// type.</param>
    /// <param name="typeInfo">Describes the JSON, best from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is too long or taken, or the type is registered or needs no
    /// registration. Nothing was registered.</exception>
    public WireTypeRegistry Add<T>(string name, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return Add(name, new JsonWireSerializer<T>(typeInfo));
    }

    /// <summary>Registers a type that travels as the bytes of a serializer.</summary>
    /// <typeparam name="T">A class or a structure; only values of exactly this type travel under the name.</typeparam>
    /// <param name="name">1 to 31 bytes of UTF-8; one name means one type. It must never be given to another
    /// type.</param>
    /// <param name="serializer">Writes and reads the values.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is too long or taken, or the type is registered or needs no
    /// registration. Nothing was registered.</exception>
    public WireTypeRegistry Add<T>(string name, IWireSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        if (typeof(T).IsEnum)
        {
            throw new ArgumentException(
                $"{typeof(T)} is an enum; register it with {nameof(AddEnum)}.", nameof(serializer));
        }

        return Add(name, typeof(T), static (name, argument) => new RegisteredCodec<T>(name, argument), serializer);
    }

    /// <summary>Registers an enum, which travels as its number.</summary>
    /// <typeparam name="TEnum">The enum.</typeparam>
    /// <param name="name">1 to 31 bytes of UTF-8; one name means one type. It must never be given to another
    /// type.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is too long or taken, or the enum is registered. Nothing was
    /// registered.</exception>
    public WireTypeRegistry AddEnum<TEnum>(string name)
        where TEnum : struct, Enum =>
        Add(name, typeof(TEnum), static (name, _) => new EnumCodec<TEnum>(name), 0);

    private WireTypeRegistry Add<TArgument>(
        string name, Type type, Func<string, TArgument, ValueCodec> create, TArgument argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int length = Encoding.UTF8.GetByteCount(name);
        if (length > WireLimits.MaxNameBytes)
        {
            throw new ArgumentException(
                $"The name '{name}' is {length} bytes of UTF-8; at most {WireLimits.MaxNameBytes} are allowed.",
                nameof(name));
        }

        if (CodecFactory.IsBuiltIn(type))
        {
            throw new ArgumentException($"{type} travels without being registered.", nameof(name));
        }

        if (_codecs.ContainsKey(name))
        {
            throw new ArgumentException($"The name '{name}' is already that of {_codecs[name].Type}.", nameof(name));
        }

        if (!_types.Add(type))
        {
            throw new ArgumentException($"{type} is already registered under another name.", nameof(name));
        }

        _codecs.Add(name, create(name, argument));
        return this;
    }
}
