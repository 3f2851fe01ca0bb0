namespace SuperCache.TestKit.Simulation;

/// <summary>Holds the frames that have come and wait for a node, within bounds (rule R-16), as the Redis edge does.
/// What does not fit is dropped: to the protocol it is lost, a gap that is found by its position and filled.</summary>
internal sealed class ReceiveQueue
{
    /// <summary>The most frames that may wait.</summary>
    public const int MostFrames = 10_000;

    /// <summary>The most bytes that may wait.</summary>
    public const long MostBytes = 32 << 20;

    private readonly Queue<byte[]> _frames = new();

    /// <summary>Bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames that wait.</summary>
    public int Count => _frames.Count;

    /// <summary>Keeps a copy of a frame, if there is room.</summary>
    public void Add(ReadOnlySpan<byte> frame)
    {
        if (_frames.Count < MostFrames && Bytes + frame.Length <= MostBytes)
        {
            _frames.Enqueue(frame.ToArray());
            Bytes += frame.Length;
        }
    }

    /// <summary>Takes the oldest frame.</summary>
    public byte[] Take()
    {
        byte[] oldest = _frames.Dequeue();
        Bytes -= oldest.Length;
        return oldest;
    }
}
