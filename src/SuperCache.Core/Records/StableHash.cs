using System.Buffers;
using System.IO.Hashing;

namespace SuperCache.Records;

/// <summary>Hashes a value of any travelling type to the same number at every node and in every release.</summary>
/// <remarks>
/// <para>By run-time type and value: <c>(short)1</c> and <c>1</c> differ, whatever they are declared as. Values that
/// are equal hash equally: -0.0 and 0.0, every NaN, 1.0m and 1.00m, times of one instant; tuples by their elements.
/// Arrays and lists, which are equal only to themselves, are hashed by content.</para>
/// <para>Strings, Guid and the integers of 32 and 64 bits are hashed where they lie, without allocation, by the
/// functions of <see cref="KeyHasher"/> with a fixed seed; other types by XxHash3 as their
/// <see cref="CanonicalBytes"/>, which boxes an application's own value types, nullable ones and value tuples of more
/// than seven elements, and no others. So a node needs one hash to find a record, as a process alone does.</para>
/// <para>The result decides which partition holds a record, and is as much a format as the wire is. Golden values in
/// <c>StableHashTests</c> hold it fast, that <see cref="KeyHasher"/> gives the same included, and a change of it needs
/// a new <see cref="Id"/>.</para>
/// </remarks>
internal sealed class StableHash(IRegisteredTypes registered)
{
    /// <summary>Names this function in the configuration that nodes compare when they join.</summary>
    public const int Id = 2;

    /// <summary>Not secret, since all nodes share it: what is prepared to collide meets in an index's overflow, which
    /// is keyed by another hash.</summary>
    public const long Seed = 0x5C_01;

    private const int MaxSpareBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    private readonly KeyHasher _hasher = new(Seed);

    /// <exception cref="UnsupportedValueException">The value's type does not travel.</exception>
    public ulong Of<T>(T value)
    {
        if (typeof(T) == typeof(int)
            || typeof(T) == typeof(uint)
            || typeof(T) == typeof(long)
            || typeof(T) == typeof(ulong)
            || typeof(T) == typeof(Guid))
        {
            return _hasher.Hash(value);
        }

        // A nullable type goes the way of an object: its values hash as those of its underlying type.
        return default(T) is null ? OfObject(value) : OfBytes(value);
    }

    private ulong OfObject(object? value) => value switch
    {
        string text => _hasher.HashString(text),
        int number => _hasher.Hash(number),
        uint number => _hasher.Hash(number),
        long number => _hasher.Hash(number),
        ulong number => _hasher.Hash(number),
        Guid id => _hasher.Hash(id),
        _ => OfBytes(value),
    };

    private ulong OfBytes<T>(T value)
    {
        ArrayBufferWriter<byte> output = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        try
        {
            new CanonicalBytes(output, registered).Write(value);
            return XxHash3.HashToUInt64(output.WrittenSpan, Seed);
        }
        finally
        {
            output.ResetWrittenCount();
            _spare = output.Capacity <= MaxSpareBytes ? output : null;
        }
    }
}
