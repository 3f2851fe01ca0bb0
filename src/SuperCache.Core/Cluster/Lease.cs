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
    private const int SuspendTolerance = 500;

    private long _until = long.MinValue;
    private long _lastMonotonic;
    private long _lastWall;
    private bool _hasLast;

    /// <summary>Counts the times a grant found the lease expired or void. A reign compares it with what it saw (rule
    /// R-4).</summary>
    public int Lapses { get; private set; }

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
            Lapses++;
        }

        _until = Math.Max(_until, sentAt + (length * 95L / 100));
    }

    /// <summary>Ends it now.</summary>
    public void Void() => _until = long.MinValue;

    /// <summary>Notices a machine that was suspended: the wall clock advanced more than the monotonic one.</summary>
    public void Watch(long monotonic, long wall)
    {
        if (_hasLast && wall - _lastWall > monotonic - _lastMonotonic + SuspendTolerance)
        {
            Void();
        }

        (_lastMonotonic, _lastWall, _hasLast) = (monotonic, wall, true);
    }
}
