namespace SuperCache.Cluster;

/// <summary>Reads a <see cref="TimeProvider"/> in milliseconds. Monotonic for every decision; the wall only to notice
/// suspends.</summary>
/// <param name="time">The host's.</param>
internal sealed class NodeClock(TimeProvider time)
{
    /// <summary>Milliseconds of the monotonic clock. Of no meaning to other nodes.</summary>
    public long Now => (long)(time.GetTimestamp() / (time.TimestampFrequency / 1000.0));

    /// <summary>Milliseconds of the wall clock.</summary>
    public long Wall => time.GetUtcNow().ToUnixTimeMilliseconds();
}
