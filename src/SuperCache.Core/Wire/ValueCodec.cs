using System.Runtime.CompilerServices;

namespace SuperCache.Wire;

/// <summary>Writes and reads the values of one type. Made by <see cref="CodecFactory"/>, kept by
/// <see cref="CodecTable"/>.</summary>
internal abstract class ValueCodec(Type type, TypeDescriptor descriptor, int shortest)
{
    public Type Type { get; } = type;

    public TypeDescriptor Descriptor { get; } = descriptor;

    /// <summary>Bytes of the shortest payload; at least 1, so that a count is bounded by the bytes that are
    /// left.</summary>
    public int Shortest { get; } = shortest;

    /// <summary>Bytes of the value where it is kept inline; of its reference, where it is an object.</summary>
    public abstract int MemoryBytes { get; }

    /// <summary>Writes the payload of a value whose run-time type is <see cref="Type"/>.</summary>
    public abstract void WriteObject(ref PayloadWriter writer, object value);

    /// <summary>Reads a payload; null also after a failure, which the reader keeps.</summary>
    public abstract object? ReadObject(ref PayloadReader reader);
}

/// <inheritdoc cref="ValueCodec"/>
internal abstract class ValueCodec<T>(TypeDescriptor descriptor, int shortest)
    : ValueCodec(typeof(T), descriptor, shortest)
{
    public sealed override int MemoryBytes => Unsafe.SizeOf<T>();

    /// <summary>Writes a payload.</summary>
    /// <exception cref="UnsupportedValueException">The value's own type differs from <typeparamref name="T"/>, or
    /// something in it does not travel. What was written so far must be taken back.</exception>
    public abstract void Write(ref PayloadWriter writer, T value);

    /// <summary>Reads a payload; the default after a failure, which the reader keeps.</summary>
    public abstract T Read(ref PayloadReader reader);

    public sealed override void WriteObject(ref PayloadWriter writer, object value) => Write(ref writer, (T)value);

    public sealed override object? ReadObject(ref PayloadReader reader) => Read(ref reader);
}
