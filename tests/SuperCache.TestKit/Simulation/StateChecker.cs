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
        NodeId Node, int Partition), (ulong Lineage, Epoch Promised, Sequence Commit, Epoch Last)> _seen = [];
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
        if (_seen.TryGetValue(key, out (ulong Lineage, Epoch Promised, Sequence Commit, Epoch Last) last)
            && last.Lineage == lineage)
        {
            PartitionRecord record = cluster.Checkers.Oracle.Record(lineage, replica.Id.Value);
            bool hasForgotten = replica.Copy is null || record.MayLose || last.Last < record.UnsafeEpoch;
            if (replica.Promised < last.Promised || (commit < last.Commit && !hasForgotten))
            {
                cluster.Report(
                    $"I8: slot {node.Slot} went back in {replica.Id}: promised {last.Promised} to {replica.Promised}, "
                    + $"commit {last.Commit} to {commit}");
            }
        }

        _seen[key] = (lineage, replica.Promised, commit, replica.Copy?.Last.Epoch ?? default);
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

    /// <summary>For the rest of a lease there may be two, when the store forgot the lease of the older one or the reign
    /// of the newer one.</summary>
    private void CheckAlone(SimulatedNode node, PartitionId partition, ulong lineage)
    {
        foreach (SimulatedNode other in cluster.Nodes)
        {
            if (other == node || other.Node is not { } running || other.IsSuspended)
            {
                continue;
            }

            // As every entrance of a node does, before anything is served.
            running.Membership.WatchClocks();
            if (running.Membership.Map?.Lineage == lineage && running.IsServing(partition)
                && Promised(node, partition) is var left && Promised(other, partition) is var right
                && !(left <= right ? node : other).HasLostLease
                && !cluster.Checkers.Memory.MayBeUnheard(
                    lineage, partition.Value, newer: left > right ? left : right, older: left > right ? right : left))
            {
                cluster.Report($"I6: slots {node.Slot} and {other.Slot} both serve {partition}");
            }
        }
    }

    private static Epoch Promised(SimulatedNode node, PartitionId partition) =>
        node.Node!.Replicas[partition.Value].Promised;
}
