namespace SuperCache.Storage;

/// <summary>The bookkeeping of an entry that expires. An entry that does not has none.</summary>
/// <remarks>Created with the entry and dropped with it; a replacement brings its own.</remarks>
internal sealed class EntryNode(long deadline, long sliding, long limit)
{
    private long _deadline = deadline;

    /// <summary>UTC ticks from which the entry is gone. Readers of a sliding entry move it forward, never past the limit.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>Whether the entry is gone at the given UTC ticks.</summary>
    public bool IsExpired(long now) => now >= Deadline;

    /// <summary>Whether the entry is there for a reader; if it slides, its time starts again.</summary>
    /// <remarks>Safe beside other readers: the latest touch wins.</remarks>
    public bool IsLive(TimeProvider clock)
    {
        long now = clock.GetUtcNow().UtcTicks;
        if (IsExpired(now))
        {
            return false;
        }

        if (sliding != 0)
        {
            Touch(now);
        }

        return true;
    }

    private void Touch(long now)
    {
        long next = now > limit - sliding ? limit : now + sliding;
        if (next > Deadline)
        {
            Volatile.Write(ref _deadline, next);
        }
    }
}
