using System.Buffers;
using System.IO.Hashing;

namespace SuperCache.Records;

/// <summary>Hashes a value of any travelling type to the same number at every node and in every release.</summary>
/// <remarks>
/// <para>By run-time type and value: <c>1</c> and <c>1L</c> differ, whatever they are declared as. Values that are
/// equal hash equally: -0.0 and 0.0, every NaN, 1.0m and 1.00m, times of one instant; tuples by their elements.
/// Arrays and lists, which are equal only to themselves, are hashed by content.</para>
/// <para>XxHash3 with a fixed seed. Text is its UTF-16, numbers are little endian, on any processor. Strings, int,
/// long and Guid are hashed where they lie, without allocation; other types as their
/// <see cref="CanonicalBytes"/>.</para>
/// <para>The result decides which partition holds a record. It is as much a format as the wire is: golden values in
/// <c>StableHashTests</c> hold it fast, and a change of it needs a new hash id in the cluster's configuration.</para>
/// </remarks>
internal sealed class StableHash(IRegisteredTypes registered)
{
    /// <summary>Names this function in the configuration that nodes compare when they join.</summary>
    public const int Id = 1;

    private const long Seed = 0x5C_01;
    private const int MaxSpareBytes = 64 * 1024;

    private static readonly KeyHasher Int32s = new(Seed + (int)CanonicalType.Int32);
    private static readonly KeyHasher Int64s = new(Seed + (int)CanonicalType.Int64);
    private static readonly KeyHasher Guids = new(Seed + (int)CanonicalType.Guid);
    private static readonly KeyHasher Strings = new(Seed + (int)CanonicalType.String);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    /// <exception cref="UnsupportedValueException">The value's type does not travel.</exception>
    public ulong Of<T>(T value)
    {
        if (BitConverter.IsLittleEndian)
        {
            if (typeof(T) == typeof(int))
            {
                return Int32s.Hash(value);
            }

            if (typeof(T) == typeof(long))
            {
                return Int64s.Hash(value);
            }

            if (typeof(T) == typeof(Guid))
            {
                return Guids.Hash(value);
            }
        }

        return OfObject(value);
    }

    private ulong OfObject(object? value)
    {
        if (!BitConverter.IsLittleEndian)
        {
            return OfBytes(value);
        }

        return value switch
        {
            string text => Strings.HashString(text),
            int number => Int32s.Hash(number),
            long number => Int64s.Hash(number),
            Guid id => Guids.Hash(id),
            _ => OfBytes(value),
        };
    }

    private ulong OfBytes(object? value)
    {
        ArrayBufferWriter<byte> output = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        try
        {
            new CanonicalBytes(output, registered).Write(value);
            ReadOnlySpan<byte> bytes = output.WrittenSpan;
            var type = (CanonicalType)bytes[0];
            bool hasFastPath =
                type is CanonicalType.Int32 or CanonicalType.Int64 or CanonicalType.Guid or CanonicalType.String;
            return hasFastPath
                ? XxHash3.HashToUInt64(bytes[CanonicalBytes.HeaderSize(type)..], Seed + (int)type)
                : XxHash3.HashToUInt64(bytes, Seed);
        }
        finally
        {
            output.ResetWrittenCount();
            _spare = output.Capacity <= MaxSpareBytes ? output : null;
        }
    }
}
