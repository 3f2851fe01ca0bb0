using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>All checkers of a run.</summary>
internal sealed class Checkers
{
    private readonly SimulatedCluster _cluster;
    private readonly StateChecker _states;

    public Checkers(SimulatedCluster cluster)
    {
        _cluster = cluster;
        Oracle = new CommitOracle(cluster);
        History = new HistoryChecker(cluster, Oracle);
        _states = new StateChecker(cluster);
        Final = new FinalChecker(cluster, Oracle);
    }

    public CommitOracle Oracle { get; }

    public HistoryChecker History { get; }

    public FinalChecker Final { get; }

    public int UnsafeRecoveries { get; private set; }

    public int LineagesLost { get; private set; }

    public void AfterStep(SimulatedNode node)
    {
        if (node.Node?.Membership.Map is { } map)
        {
            Oracle.Feed(node, map.Lineage);
            _states.AfterStep(node, map.Lineage);
        }
    }

    public void CompareCopies() => _states.CompareCopies();

    public void OnUnsafeRecovery(SimulatedNode node, PartitionId partition, Epoch epoch)
    {
        UnsafeRecoveries++;
        Oracle.Record(node.Node!.Membership.Map!.Lineage, partition.Value).OnUnsafeRecovery(epoch);
        if (_cluster.Profile != FaultProfile.Hostile)
        {
            _cluster.Report(
                $"slot {node.Slot} recovered {partition} unsafely although no more than one node failed at a time");
        }
    }

    /// <summary>
    /// A reign that starts with less than was committed, after the store forgot who counted, is excused only if no
    /// process that is awake
    /// and a member has more: the copies failed, and nobody left knows that they were the ones that counted.
    /// </summary>
    public void OnReignStarted(SimulatedNode node, PartitionId partition, Epoch epoch, Stamp adopted)
    {
        PartitionRecord record = Oracle.Record(node.Node!.Membership.Map!.Lineage, partition.Value);
        if (_cluster.Store.LastLossAt < 0 || record.Committed.Count == 0)
        {
            return;
        }

        Stamp last = record.Committed.Values.Last().Stamp;
        ClusterView view = node.Node.Membership.Map.View;
        bool isHeld = _cluster.Nodes.Any(n => n.IsRunning && view.Contains(n.Id)
            && n.Node!.Replicas[partition.Value].Copy is { } copy && copy.Last >= last);
        if (adopted < last && !isHeld)
        {
            UnsafeRecoveries++;
            record.OnUnsafeRecovery(epoch);
        }
    }

    public void OnLineageLost(SimulatedNode node)
    {
        LineagesLost++;
        if (_cluster.Profile != FaultProfile.Hostile)
        {
            _cluster.Report($"slot {node.Slot} lost its lineage although the store forgot nothing");
        }
    }

    public void OnProcessEnded(SimulatedNode node)
    {
        if (node.Node is not null)
        {
            AfterStep(node);
        }
    }
}
