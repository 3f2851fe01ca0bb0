using System.Buffers.Binary;
using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>Appends little-endian fields to a growing buffer that is used again for each frame.</summary>
internal sealed class MessageWriter
{
    private byte[] _buffer = new byte[1024];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Starts again.</summary>
    public void Clear() => Length = 0;

    public void U8(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => U8(value ? (byte)1 : (byte)0);

    public void U16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)value));

    public void I32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Node(NodeId value) => U64(value.Value);

    public void Stamp(Stamp value)
    {
        I64(value.Epoch.Value);
        I64(value.Sequence.Value);
    }

    /// <summary>A length of four bytes, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        I32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Leaves room for a length that is known later.</summary>
    /// <returns>Where the length will stand.</returns>
    public int BeginLength()
    {
        U32(0);
        return Length - 4;
    }

    /// <summary>Fills in the length of what was written since.</summary>
    public void EndLength(int at) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(at), (uint)(Length - at - 4));

    /// <summary>Overwrites a byte written before.</summary>
    public void PatchU8(int at, byte value) => _buffer[at] = value;

    /// <summary>Overwrites two bytes written before.</summary>
    public void PatchU16(int at, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(at), checked((ushort)value));

    /// <summary>Overwrites eight bytes written before.</summary>
    public void PatchU64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(at), value);

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
