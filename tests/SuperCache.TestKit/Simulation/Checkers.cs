using System.Collections.Immutable;
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
        Memory = new StoreMemory(cluster);
    }

    public CommitOracle Oracle { get; }

    public HistoryChecker History { get; }

    public FinalChecker Final { get; }

    /// <summary>Knows what the store forgot.</summary>
    public StoreMemory Memory { get; }

    public int UnsafeRecoveries { get; private set; }

    /// <summary>Reigns that began without committed ops, unreported, because nobody could know of them.</summary>
    public int Excused { get; private set; }

    public int LineagesLost { get; private set; }

    public void AfterStep(SimulatedNode node)
    {
        if (node.Node?.Membership.Map is { } map)
        {
            Oracle.Feed(node, map.Lineage);
            _states.AfterStep(node, map.Lineage);
        }
    }

    /// <summary>Takes in what a node has committed, before anything is judged by it.</summary>
    public void Feed(SimulatedNode node)
    {
        if (node.Node?.Membership.Map is { } map)
        {
            Oracle.Feed(node, map.Lineage);
        }
    }

    public void CompareCopies() => _states.CompareCopies();

    public void OnUnsafeRecovery(SimulatedNode node, PartitionId partition, Epoch epoch, Stamp adopted)
    {
        UnsafeRecoveries++;
        Oracle.Record(node.Node!.Membership.Map!.Lineage, partition.Value).Excuse(epoch, adopted);
        if (_cluster.Profile != FaultProfile.Hostile)
        {
            _cluster.Report(
                $"slot {node.Slot} recovered {partition} unsafely although no more than one node failed at a time");
        }
    }

    /// <summary>
    /// A reign that starts with less than was committed, and does not say so, is excused only if no protocol could
    /// have known better: see <see cref="StoreMemory.HasForgotten"/>. What is left then is a process that is awake and
    /// a member, and has more.
    /// </summary>
    public void OnReignStarted(SimulatedNode node, PartitionId partition, Epoch epoch, Stamp adopted)
    {
        PartitionMap map = node.Node!.Membership.Map!;
        PartitionRecord record = Oracle.Record(map.Lineage, partition.Value);
        record.OnReignStarted(epoch, _cluster.Events.Now);
        List<(Stamp Stamp, Epoch CommittedIn)> missing = record.MissingFrom(adopted);
        if (record.IsExcused(epoch) || (missing.Count == 0 && !record.IsGivenUp(adopted)))
        {
            return;
        }

        if (record.IsGivenUp(adopted) && (missing.Count == 0 || adopted > missing[^1].Stamp))
        {
            // Of two histories since an unsafe recovery one must end: the less advanced.
            Excused++;
            record.Excuse(epoch, adopted);
            node.Trace($"revived: {partition} {epoch}");
            return;
        }

        bool isHeld = _cluster.Nodes.Any(n => n.IsRunning && map.View.Contains(n.Id)
            && n.Node!.Replicas[partition.Value].Copy is { } copy && copy.Last >= missing[^1].Stamp);
        ImmutableArray<NodeId> reliesOn = node.Node.Replicas[partition.Value].Placement!.ActiveVoters;
        if (!isHeld && Memory.HasForgotten(map.Lineage, partition.Value, reliesOn, missing))
        {
            Excused++;
            record.Excuse(epoch, adopted);
            node.Trace($"excused: {partition} {epoch} lacks {missing[0].Stamp}..{missing[^1].Stamp}");
        }
        else
        {
            node.Trace($"not excused: {partition} {epoch} lacks {missing[0].Stamp}..{missing[^1].Stamp}");
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
