using SuperCache.Cluster;
using SuperCache.Replication.Primary;

namespace SuperCache.Replication;

/// <summary>How a node and its part of the cluster are at one moment, as the node knows without asking.</summary>
/// <param name="IsMember">Whether it is a live node of its cluster.</param>
/// <param name="HasLease">Whether it may serve as a primary.</param>
/// <param name="HearsItself">Whether what it sends through the backplane comes back.</param>
/// <param name="Nodes">Live nodes.</param>
/// <param name="Led">Partitions it is the primary of.</param>
/// <param name="NotServing">Of those, how many it cannot serve yet or any more.</param>
/// <param name="MissingReplicas">Copies that are missing in the whole cluster, by the factor and the live
/// nodes.</param>
/// <param name="Lag">The most ops by which a copy of a partition it leads is behind.</param>
/// <param name="SinceStoreAnswered">Milliseconds since it asked what the membership store last answered.</param>
/// <param name="Refusal">Why it may not live in its cluster any more; null while it may.</param>
internal sealed record ClusterHealth(
    bool IsMember,
    bool HasLease,
    bool HearsItself,
    int Nodes,
    int Led,
    int NotServing,
    int MissingReplicas,
    long Lag,
    long SinceStoreAnswered,
    string? Refusal = null)
{
    /// <summary>Looks at a node.</summary>
    public static ClusterHealth Of(NodeContext context, IReadOnlyList<PartitionReplica> replicas)
    {
        long now = context.Now;
        Membership membership = context.Membership;
        int nodes = membership.Map?.View.Members.Length ?? 0;
        int staying = membership.Map is null ? 0 : context.Staying.Count();
        int wanted = Math.Min(context.Options.Fingerprint.ReplicationFactor, staying);
        Reign[] reigns = [.. replicas.Select(r => r.Reign).OfType<Reign>()];
        return new ClusterHealth(
            membership.Phase == MembershipPhase.Active,
            membership.Lease.IsValid(now),
            context.Loopback.IsHealthy,
            nodes,
            reigns.Length,
            reigns.Count(r => !r.IsServing),
            membership.Map?.Placements.Sum(p => Math.Max(0, wanted - p.ActiveVoters.Length)) ?? 0,
            replicas.Max(LagOf),
            now - membership.PolledAt,
            membership.Refusal);
    }

    private static long LagOf(PartitionReplica replica)
    {
        if (replica is not { Reign: { } reign, Copy: { } copy })
        {
            return 0;
        }

        long lag = 0;
        foreach (FollowerProgress follower in reign.Replicator.Followers)
        {
            lag = Math.Max(lag, copy.Last.Sequence - follower.Acked);
        }

        return lag;
    }
}
