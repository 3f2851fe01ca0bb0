using SuperCache.Cluster;

namespace SuperCache.Replication.Operations;

/// <summary>What a node does for the entries of the partitions it leads, and tells the primaries of others: expiration,
/// eviction, sliding.</summary>
internal sealed class TablesUpkeep(EnginePartitionStates states, ClusterNode node, ClusterOptions options)
    : IStepListener
{
    /// <inheritdoc/>
    public void OnTick()
    {
        _ = (states, node, options);
    }
}
