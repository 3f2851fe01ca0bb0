using System.Buffers.Binary;
using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>
/// Reads little-endian fields from bytes that nobody vouches for. Reading past the end, or a count that the rest
/// cannot hold, makes the
/// reader <see cref="Failed"/> for good and yields zeros; nothing is thrown, and nothing is allocated that the bytes
/// do not pay for.
/// </summary>
internal ref struct MessageReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether anything so far did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _rest.Length;

    public byte U8() => Take(1) is [var value] ? value : (byte)0;

    public bool Bool() => U8() != 0;

    public int U16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : 0;

    public int I32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadInt32LittleEndian(b) : 0;

    public uint U32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    public long I64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadInt64LittleEndian(b) : 0;

    public ulong U64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64LittleEndian(b) : 0;

    public NodeId Node() => new(U64());

    public Sequence Sequence() => new(NonNegative(I64()));

    public Epoch Epoch() => new(NonNegative(I64()));

    public Stamp Stamp() => new(Epoch(), Sequence());

    public byte[] Bytes()
    {
        int length = I32();
        if (length < 0 || length > _rest.Length)
        {
            Fail();
            return [];
        }

        return length == 0 ? [] : Take(length).ToArray();
    }

    /// <summary>A count of items that each take at least some bytes.</summary>
    public int Count(int leastBytesEach)
    {
        int count = I32();
        if (count < 0 || (long)count * leastBytesEach > _rest.Length)
        {
            Fail();
            return 0;
        }

        return count;
    }

    /// <summary>A part of the rest, as a reader of its own.</summary>
    public ReadOnlySpan<byte> Slice(uint length)
    {
        if (length > _rest.Length)
        {
            Fail();
            return default;
        }

        return Take((int)length);
    }

    /// <summary>Declares the bytes invalid.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    private long NonNegative(long value)
    {
        if (value < 0)
        {
            Fail();
            return 0;
        }

        return value;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
