namespace SuperCache.Redis;

/// <summary>Counts the bytes that wait to be published, refuses what would be too much, and counts what was
/// lost.</summary>
/// <param name="limit">The most bytes that may wait.</param>
internal sealed class PendingBudget(long limit)
{
    private long _pending;
    private long _refused;
    private long _lost;

    /// <summary>Bytes that wait or are on their way.</summary>
    public long Pending => Volatile.Read(ref _pending);

    /// <summary>Frames that were dropped because too much waited.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Messages that Redis did not take.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Takes room for a frame; counts it as dropped when there is none. A frame that is larger than the limit
    /// passes when nothing else waits: dropped each time, it would stop all that is to follow it.</summary>
    public bool TryTake(int bytes)
    {
        long pending = Interlocked.Add(ref _pending, bytes);
        if (pending <= limit || pending == bytes)
        {
            return true;
        }

        Interlocked.Add(ref _pending, -bytes);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Gives the room of a message back.</summary>
    public void Return(int bytes, bool isLost)
    {
        Interlocked.Add(ref _pending, -bytes);
        if (isLost)
        {
            Interlocked.Increment(ref _lost);
        }
    }
}
