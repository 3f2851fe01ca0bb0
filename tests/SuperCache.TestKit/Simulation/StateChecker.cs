using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.TestKit.Simulation;

/// <summary>Checks the nodes' states after each step: one serving primary (I6), nothing goes back (I8), bounds (I12);
/// and now and then
/// that equal positions mean equal contents (I3).</summary>
internal sealed class StateChecker(SimulatedCluster cluster)
{
    private readonly Dictionary<(
        NodeId Node, int Partition), (ulong Lineage, Epoch Promised, Sequence Commit)> _seen = [];
    private readonly Dictionary<NodeId, (ulong Lineage, long Version)> _versions = [];

    public void AfterStep(SimulatedNode node, ulong lineage)
    {
        ClusterNode running = node.Node!;
        long version = running.Membership.Map!.Version;
        if (_versions.TryGetValue(node.Id, out (ulong Lineage, long Version) last) && last.Lineage == lineage
            && version < last.Version)
        {
            cluster.Report($"I8: the map of slot {node.Slot} went back from {last.Version} to {version}");
        }

        _versions[node.Id] = (lineage, version);
        foreach (PartitionReplica replica in running.Replicas)
        {
            CheckMonotone(node, replica, lineage);
            CheckBounds(node, replica);
            if (running.IsServing(replica.Id))
            {
                CheckAlone(node, replica.Id, lineage);
            }
        }

        ClusterLimits limits = cluster.ClusterOptions.Limits;
        if (running.Slots.Sending > limits.Snapshots || running.Slots.Receiving > limits.Snapshots
            || running.Slots.Sending < 0 || running.Slots.Receiving < 0 || running.Slots.Moving < 0)
        {
            cluster.Report(
                $"I12: slot {node.Slot} has {running.Slots.Sending} snapshots out, {running.Slots.Receiving} in");
        }
    }

    /// <summary>Compares all complete copies at equal positions.</summary>
    public void CompareCopies()
    {
        for (int p = 0; p < cluster.Options.Partitions; p++)
        {
            var seen = new Dictionary<(ulong, Stamp), (int Slot, ulong Hash)>();
            foreach (SimulatedNode node in cluster.Nodes.Where(n => n.Node?.Membership.Map is not null))
            {
                if (node.Node!.Replicas[p].Copy is not { } copy)
                {
                    continue;
                }

                var at = (node.Node.Membership.Map!.Lineage, copy.Applied);
                ulong hash = copy.State.ContentHash();
                if (seen.TryGetValue(at, out (int Slot, ulong Hash) other) && other.Hash != hash)
                {
                    cluster.Report(
                        $"I3: copies of p{p} on slots {other.Slot} and {node.Slot} differ at {copy.Applied}");
                }

                seen[at] = (node.Slot, hash);
            }
        }
    }

    private void CheckMonotone(SimulatedNode node, PartitionReplica replica, ulong lineage)
    {
        var key = (node.Id, replica.Id.Value);
        Sequence commit = replica.Copy?.Commit ?? default;
        if (_seen.TryGetValue(key, out (ulong Lineage, Epoch Promised, Sequence Commit) last)
            && last.Lineage == lineage)
        {
            bool hasForgotten = replica.Copy is null
                || cluster.Checkers.Oracle.Record(lineage, replica.Id.Value).UnsafeCount > 0;
            if (replica.Promised < last.Promised || (commit < last.Commit && !hasForgotten))
            {
                cluster.Report(
                    $"I8: slot {node.Slot} went back in {replica.Id}: promised {last.Promised} to {replica.Promised}, "
                    + $"commit {last.Commit} to {commit}");
            }
        }

        _seen[key] = (lineage, replica.Promised, commit);
    }

    private void CheckBounds(SimulatedNode node, PartitionReplica replica)
    {
        ClusterLimits limits = cluster.ClusterOptions.Limits;
        if (replica.Copy is not { } copy)
        {
            return;
        }

        bool isLogOver = copy.Log.Count > 2 * limits.LogOps;
        bool areRequestsOver = copy.Recent.Count > limits.RecentRequests
            || copy.Recent.Floors > limits.RememberedOrigins + limits.RecentRequests;
        if (isLogOver || areRequestsOver || copy.Applied > copy.Last
            || copy.Commit > copy.Last.Sequence)
        {
            cluster.Report(
                $"I12: slot {node.Slot} {replica.Id}: log {copy.Log.Count}, requests {copy.Recent.Count}, applied {copy.Applied}, "
                + $"commit {copy.Commit}, last {copy.Last}");
        }
    }

    /// <summary>After the store lost leases there may be two for a while. After an unsafe recovery the copies that
    /// were given up may be led by a node that has not heard of
    /// it.</summary>
    private void CheckAlone(SimulatedNode node, PartitionId partition, ulong lineage)
    {
        if (cluster.Checkers.Oracle.Record(lineage, partition.Value).UnsafeCount > 0)
        {
            return;
        }

        foreach (SimulatedNode other in cluster.Nodes)
        {
            if (other != node && other.Node is { } running && !other.IsSuspended
                && running.Membership.Map?.Lineage == lineage && running.IsServing(partition)
                && !Older(node, other, partition).HasLostLease)
            {
                cluster.Report($"I6: slots {node.Slot} and {other.Slot} both serve {partition}");
            }
        }
    }

    private static SimulatedNode Older(SimulatedNode left, SimulatedNode right, PartitionId partition) =>
        left.Node!.Replicas[partition.Value].Promised <= right.Node!.Replicas[partition.Value].Promised ? left : right;
}
