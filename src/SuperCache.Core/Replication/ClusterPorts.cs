using SuperCache.Cluster;

namespace SuperCache.Replication;

/// <summary>The outside of a node: what the host gives it.</summary>
/// <param name="Time">The only clock.</param>
/// <param name="Backplane">Where frames go.</param>
/// <param name="Store">Where store calls go.</param>
/// <param name="States">Makes storage for copies.</param>
/// <param name="Events">Who wants to know.</param>
internal sealed record ClusterPorts(
    TimeProvider Time,
        IBackplane Backplane, IMembershipStore Store, IPartitionStateFactory States, IClusterEvents Events);
