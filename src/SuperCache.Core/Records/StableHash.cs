using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Records;

/// <summary>Hashes a value of any travelling type to the same number at every node and in every release.</summary>
/// <remarks>
/// <para>By run-time type and value: <c>1</c> and <c>1L</c> differ, whatever they are declared as. Values that are
/// equal hash equally: -0.0 and 0.0, every NaN, 1.0m and 1.00m, times of one instant; tuples by their elements.
/// Arrays and lists, which are equal only to themselves, are hashed by content.</para>
/// <para>XxHash3 with a fixed seed. Text is its UTF-16, numbers are little endian, on any processor. Strings, int,
/// long and Guid are hashed where they lie, without allocation; other types as their
/// <see cref="CanonicalBytes"/>.</para>
/// <para>Not <see cref="KeyHasher"/>, which answers to one process and may change with it: the result here decides
/// which partition holds a record, and is as much a format as the wire is. Golden values in <c>StableHashTests</c> hold
/// it fast, and a change of it needs a new <see cref="Id"/>.</para>
/// </remarks>
internal sealed class StableHash(IRegisteredTypes registered)
{
    /// <summary>Names this function in the configuration that nodes compare when they join.</summary>
    public const int Id = 1;

    private const long Seed = 0x5C_01;
    private const int MaxSpareBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    /// <exception cref="UnsupportedValueException">The value's type does not travel.</exception>
    public ulong Of<T>(T value)
    {
        if (typeof(T) == typeof(int))
        {
            return OfInt32(Unsafe.As<T, int>(ref value));
        }

        if (typeof(T) == typeof(long))
        {
            return OfInt64(Unsafe.As<T, long>(ref value));
        }

        if (typeof(T) == typeof(Guid))
        {
            return OfGuid(Unsafe.As<T, Guid>(ref value));
        }

        return OfObject(value);
    }

    private static ulong OfInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return OfContent(CanonicalType.Int32, bytes);
    }

    private static ulong OfInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return OfContent(CanonicalType.Int64, bytes);
    }

    private static ulong OfGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<Guid>()];
        value.TryWriteBytes(bytes);
        return OfContent(CanonicalType.Guid, bytes);
    }

    /// <summary>The types with a path of their own are told apart by the seed, all others by their first
    /// byte.</summary>
    private static ulong OfContent(CanonicalType type, ReadOnlySpan<byte> content) =>
        XxHash3.HashToUInt64(content, Seed + (int)type);

    private ulong OfObject(object? value) => value switch
    {
        string text when BitConverter.IsLittleEndian =>
            OfContent(CanonicalType.String, MemoryMarshal.AsBytes(text.AsSpan())),
        int number => OfInt32(number),
        long number => OfInt64(number),
        Guid id => OfGuid(id),
        _ => OfBytes(value),
    };

    private ulong OfBytes(object? value)
    {
        ArrayBufferWriter<byte> output = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        try
        {
            new CanonicalBytes(output, registered).Write(value);
            ReadOnlySpan<byte> bytes = output.WrittenSpan;
            return value is string
                ? OfContent(CanonicalType.String, bytes[CanonicalBytes.TextHeaderSize..])
                : XxHash3.HashToUInt64(bytes, Seed);
        }
        finally
        {
            output.ResetWrittenCount();
            _spare = output.Capacity <= MaxSpareBytes ? output : null;
        }
    }
}
