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
            _cluster.Report($"slot {node.Slot} recovered {partition} unsafely although no more than one node failed at a time");
        }
    }

    /// <summary>
    /// A reign that starts from a repaired map with less than was committed is excused only if no process that is
    /// alive has more: the
    /// copies died, and the store forgot that they were the ones that counted.
    /// </summary>
    public void OnReignStarted(SimulatedNode node, PartitionId partition, Epoch epoch, Stamp adopted)
    {
        PartitionRecord record = Oracle.Record(node.Node!.Membership.Map!.Lineage, partition.Value);
        bool isRepaired = node.Node.Replicas[partition.Value].Placement is { PollAll: true };
        if (!isRepaired || record.Committed.Count == 0)
        {
            return;
        }

        Stamp last = record.Committed.Values.Last().Stamp;
        bool isHeld = _cluster.Nodes.Any(n => n.Node?.Replicas[partition.Value].Copy is { } copy && copy.Last >= last);
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
