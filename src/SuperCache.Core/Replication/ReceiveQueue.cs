using SuperCache.Cluster;

namespace SuperCache.Replication;

/// <summary>
/// Holds the frames that have come and wait for the node, within bounds (rule R-16). What does not fit is dropped: to
/// the protocol a dropped frame is a lost one, a gap that is found by its position and filled. Safe for concurrent use.
/// </summary>
/// <param name="limits">Frames and bytes that may wait.</param>
internal sealed class ReceiveQueue(ClusterLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _frames = new();

    /// <summary>Bytes that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _frames.Count;
            }
        }
    }

    /// <summary>Frames dropped so far.</summary>
    public long Dropped { get; private set; }

    /// <summary>Keeps a copy of a frame.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool TryAdd(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (_frames.Count >= limits.ReceiveFrames || Bytes + frame.Length > limits.ReceiveBytes)
            {
                Dropped++;
                return false;
            }

            _frames.Enqueue(frame.ToArray());
            Bytes += frame.Length;
            return true;
        }
    }

    /// <summary>Takes the oldest frame.</summary>
    public bool TryTake(out byte[] frame)
    {
        lock (_lock)
        {
            bool isThere = _frames.TryDequeue(out byte[]? oldest);
            frame = oldest ?? [];
            Bytes -= frame.Length;
            return isThere;
        }
    }
}
