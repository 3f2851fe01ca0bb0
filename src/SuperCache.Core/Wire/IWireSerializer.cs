using System.Buffers;

namespace SuperCache;

/// <summary>Turns values of one application type into bytes that other nodes read; see
/// <see cref="WireTypeRegistry"/>.</summary>
/// <typeparam name="T">The type. Only values of exactly this type are handed over, never null.</typeparam>
/// <remarks>Called from several threads at once.</remarks>
public interface IWireSerializer<T>
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value; must not be changed.</param>
    /// <param name="target">Takes the bytes. Equal values must give equal bytes where they are used as keys or
    /// partition values.</param>
    void Serialize(T value, IBufferWriter<byte> target);

    /// <summary>Reads a value back.</summary>
    /// <param name="source">The bytes that <see cref="Serialize"/> wrote at some node; valid only during the
    /// call.</param>
    /// <returns>A value of exactly <typeparamref name="T"/>.</returns>
    /// <exception cref="Exception">Anything, when the bytes are not valid: the value then counts as
    /// unreadable.</exception>
    T Deserialize(ReadOnlySpan<byte> source);
}
