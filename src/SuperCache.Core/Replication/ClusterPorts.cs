using SuperCache.Cluster;

namespace SuperCache.Replication;

/// <summary>The outside of a node: what the host gives it.</summary>
/// <param name="Time">The only clock.</param>
/// <param name="Backplane">Where frames go.</param>
/// <param name="Store">Where store calls go.</param>
/// <param name="States">Makes storage for copies.</param>
/// <param name="Events">Who wants to know.</param>
/// <param name="Watcher">Who follows what becomes of each partition here; null for nobody.</param>
internal sealed record ClusterPorts(
    TimeProvider Time,
    IBackplane Backplane,
    IMembershipStore Store,
    IPartitionStateFactory States,
    IClusterEvents Events,
    IPartitionWatcher? Watcher = null);

/// <summary>Follows a node's partitions. Called on the node's one logical thread, at the end of each step that may have
/// changed something.</summary>
internal interface IPartitionWatcher
{
    /// <summary>Something about a partition may have changed.</summary>
    /// <param name="replica">The node's part in it.</param>
    /// <param name="reads">Says until when local reads may be answered from the node's copy, and is told what they have
    /// shown.</param>
    void OnStirred(PartitionReplica replica, Forwarder.LocalReads reads);
}
