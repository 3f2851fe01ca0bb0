using System.Buffers.Binary;

namespace SuperCache.Wire;

/// <summary>Writes one frame: messages one after another, then the header before them.</summary>
/// <remarks>
/// <code>
/// var frame = new FrameWriter(buffer, cluster, source, destination);
/// frame.Begin(type); …append the body to buffer…; frame.End();
/// frame.Complete();
/// </code>
/// The buffer must be empty at first and holds the frame, and nothing else, at last. Not safe for several threads.
/// </remarks>
internal sealed class FrameWriter
{
    private readonly WireBuffer _buffer;
    private readonly uint _cluster;
    private readonly ulong _source;
    private readonly ulong _destination;
    private int _openAt;

    public FrameWriter(WireBuffer buffer, uint cluster, ulong source, ulong destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(buffer.Length, 0, nameof(buffer));
        _buffer = buffer;
        _cluster = cluster;
        _source = source;
        _destination = destination;
        buffer.GetSpan(FrameHeader.Size)[..FrameHeader.Size].Clear();
        buffer.Advance(FrameHeader.Size);
    }

    /// <summary>How many messages were ended.</summary>
    public ushort Count { get; private set; }

    /// <summary>Whether the count has reached what the header can say.</summary>
    public bool IsFull => Count == ushort.MaxValue;

    /// <summary>Bytes of the frame so far.</summary>
    public int Length => _buffer.Length;

    /// <summary>Opens a message; what is appended to the buffer from now on is its body.</summary>
    public void Begin(byte type)
    {
        if (_openAt != 0 || IsFull)
        {
            throw new InvalidOperationException("A message is open, or the frame is full.");
        }

        _openAt = _buffer.Length;
        _buffer.WriteByte(type);
        _buffer.Write("\0\0\0\0"u8);
    }

    /// <summary>Closes the open message.</summary>
    public void End()
    {
        int length = _buffer.Length - _openAt - FrameHeader.MessageHeaderSize;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.At(_openAt + sizeof(byte), sizeof(uint)), length);
        _openAt = 0;
        Count++;
    }

    /// <summary>Takes the open message back, as if it had not been begun.</summary>
    public void Abandon()
    {
        _buffer.Truncate(_openAt);
        _openAt = 0;
    }

    /// <summary>Writes the header; the buffer now holds the frame.</summary>
    /// <exception cref="InvalidOperationException">A message is open, there is none, or the body is above its
    /// limit.</exception>
    public void Complete()
    {
        int bodyLength = _buffer.Length - FrameHeader.Size;
        if (_openAt != 0 || Count == 0 || bodyLength > WireLimits.MaxFrameBodyBytes)
        {
            throw new InvalidOperationException(
                $"A frame of {Count} messages and {bodyLength} bytes cannot be completed.");
        }

        var header = new FrameHeader
        {
            Cluster = _cluster,
            Source = _source,
            Destination = _destination,
            BodyLength = bodyLength,
            Count = Count,
        };
        header.Write(_buffer.At(0, _buffer.Length));
    }
}
