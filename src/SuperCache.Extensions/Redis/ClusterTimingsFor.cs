using SuperCache.Cluster;

namespace SuperCache.Redis;

/// <summary>The protocol's periods for a lease: those of its defaults, as parts of it.</summary>
internal static class ClusterTimingsFor
{
    /// <summary>Periods for the options' lease and request timeout.</summary>
    public static ClusterTimings Options(SuperCacheRedisOptions options)
    {
        int lease = (int)options.Lease.TotalMilliseconds;
        return new ClusterTimings
        {
            Lease = lease,
            Renew = lease / 3,
            Poll = lease / 6,
            PollGap = lease / 2,
            StoreTimeout = lease / 4,
            Ping = Math.Min(500, lease / 12),
            PingLoss = Math.Clamp(lease / 3, 1_000, 2_000),
            RebalanceRest = lease * 5 / 3,
            Request = (int)options.RequestTimeout.TotalMilliseconds,
        };
    }
}
