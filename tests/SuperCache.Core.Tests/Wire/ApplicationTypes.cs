using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using SuperCache.Wire;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Types of an imagined application, and the registry and codecs under which it lets them travel.</summary>
internal static class ApplicationTypes
{
    public static WireTypeRegistry Registry() => new WireTypeRegistry()
        .Add("user", ApplicationJson.Default.User)
        .Add("price", ApplicationJson.Default.Price)
        .Add("order", ApplicationJson.Default.OrderRecord)
        .Add("raw", new RawSerializer())
        .AddEnum<Colour>("colour")
        .AddEnum<Small>("small")
        .AddEnum<Huge>("huge")
        .AddEnum<Signed>("signed");

    /// <summary>The same without a serializer that may allocate and throw.</summary>
    public static WireTypeRegistry RawRegistry() => new WireTypeRegistry()
        .Add("raw", new RawSerializer())
        .AddEnum<Colour>("colour")
        .AddEnum<Small>("small");

    public static WireCodec Codec() => new(new CodecTable(Registry()));
}

internal enum Colour
{
    None = 0,
    Red = 1,
    Infrared = -7,
}

internal enum Small : byte
{
    Least = 0,
    Most = 255,
}

internal enum Huge : ulong
{
    Most = ulong.MaxValue,
}

internal enum Signed : sbyte
{
    Least = sbyte.MinValue,
    Most = sbyte.MaxValue,
}

internal sealed record User(string Name, int Age);

internal readonly record struct Price(decimal Amount, string Currency);

internal record Raw(int Number);

internal sealed record Cooked(int Number) : Raw(Number);

/// <summary>A record type of the application's own.</summary>
internal sealed record OrderRecord(string Id, int Lines) : ITuple
{
    [JsonIgnore]
    public int Length => 2;

    public object? this[int index] => index == 0 ? Id : Lines;
}

internal sealed class RawSerializer : IWireSerializer<Raw>
{
    public void Serialize(Raw value, IBufferWriter<byte> target)
    {
        if (value.Number < 0)
        {
            throw new InvalidOperationException("A raw number is never negative.");
        }

        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(sizeof(int)), value.Number);
        target.Advance(sizeof(int));
    }

    public Raw Deserialize(ReadOnlySpan<byte> source) => source.Length == sizeof(int)
        ? new Raw(BinaryPrimitives.ReadInt32BigEndian(source))
        : null!;
}

[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Price))]
[JsonSerializable(typeof(OrderRecord))]
internal sealed partial class ApplicationJson : JsonSerializerContext;
