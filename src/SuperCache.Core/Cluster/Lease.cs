namespace SuperCache.Cluster;

/// <summary>
/// A node's own view of its claim to be in the cluster (rules ). No clock outside the process is
/// believed: the lease runs
/// from the moment <em>before</em> the renewal was sent and ends at 95 % of its length, while others wait for 105 % of
/// theirs.
/// </summary>
/// <remarks>All times are milliseconds of the node's monotonic clock; the machine that suspends and does not count
/// that time is
/// caught by the wall clock running ahead of it, which voids the lease.</remarks>
/// <param name="length">How long a lease lasts.</param>
internal sealed class Lease(int length)
{
    private long _until = long.MinValue;
    private long _offset;
    private long? _baseline;

    /// <summary>Counts the times a grant found the lease expired or void. A reign compares it with what it saw (rule
    /// R-4).</summary>
    public int Lapses { get; private set; }

    /// <summary>When it was regained after it had been lost; before everything while it has not been lost.</summary>
    public long RegainedAt { get; private set; } = long.MinValue / 2;

    /// <summary>When it ends.</summary>
    public long Until => _until;

    /// <summary>Whether it holds at a moment.</summary>
    public bool IsValid(long now) => now < _until;

    /// <summary>Grants it anew after a successful renewal.</summary>
    /// <param name="sentAt">When the renewal was sent.</param>
    /// <param name="now">When its success is known.</param>
    public void Grant(long sentAt, long now)
    {
        if (!IsValid(now))
        {
            RegainedAt = Lapses++ == 0 ? RegainedAt : now;
        }

        long uncounted = Math.Max(0, _offset - (_baseline ?? _offset));
        _until = Math.Max(_until, sentAt + (length * 95L / 100) - uncounted);
        _baseline = _offset;
    }

    /// <summary>Ends it now.</summary>
    public void Void() => _until = long.MinValue;

    /// <summary>
    /// Notices a machine that was suspended: since the last grant the wall clock advanced more than the monotonic one,
    /// by more than the
    /// owner's part of the margin. What is less is taken off the next grant.
    /// </summary>
    public void Watch(long monotonic, long wall)
    {
        _offset = wall - monotonic;
        if (_offset - _baseline > length * 5L / 100)
        {
            Void();
        }
    }
}
