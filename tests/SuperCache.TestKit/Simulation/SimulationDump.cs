using SuperCache.Cluster;
using SuperCache.Replication;

namespace SuperCache.TestKit.Simulation;

/// <summary>Describes the state of a whole simulated cluster, for whoever debugs a seed.</summary>
internal static class SimulationDump
{
    public static void Write(SimulatedCluster cluster)
    {
        PartitionMap? map = cluster.Store.State.Map;
        cluster.Trace(-1, $"store: version {map?.Version} lineage {map?.Lineage}");
        foreach (ClusterMember member in map?.View.Members ?? [])
        {
            cluster.Trace(
                -1, $"  member {member.Id} leaving {member.Leaving} counter {cluster.Store.State.Counters[member.Id]}");
        }

        foreach (PartitionPlacement p in map?.Placements ?? [])
        {
            cluster.Trace(
                -1, $"  {p.Epoch} primary {p.Primary} V {string.Join(",", p.Voters)} AV {string.Join(",", p.ActiveVoters)} {p.PollAll}");
        }

        foreach (SimulatedNode node in cluster.Nodes)
        {
            WriteNode(cluster, node);
        }
    }

    private static void WriteNode(SimulatedCluster cluster, SimulatedNode node)
    {
        if (node.Node is not { } running)
        {
            cluster.Trace(node.Slot, "not running");
            return;
        }

        Membership m = running.Membership;
        cluster.Trace(
            node.Slot,
            $"{node.Id} {m.Phase} map {m.Map?.Version} lineage {m.Map?.Lineage} seen {m.Seen} hold {m.HoldRenewals} "
                + $"sending {running.Slots.Sending} receiving {running.Slots.Receiving} refusal {m.Refusal}");
        foreach (PartitionReplica r in running.Replicas)
        {
            string followers = r.Reign is null ? "" : string.Join(
                "; ", r.Reign.Replicator.Followers.Select(f =>
                    $"{f.Node} next {f.Next} acked {f.Acked} matched {f.Matched}"));
            cluster.Trace(
                node.Slot,
                $"  {r.Id} promised {r.Promised} copy {r.Copy?.Log.Base}..{r.Copy?.Last} applied {r.Copy?.Applied} commit {r.Copy?.Commit} "
                    + $"shadow {r.Receiver.Shadow?.Copy.Last} reign {r.Reign?.Epoch} {r.Reign?.Phase} serving {r.Reign?.IsServing} learner {r.Reign?.Upkeep.Learner} {followers}");
        }
    }
}
