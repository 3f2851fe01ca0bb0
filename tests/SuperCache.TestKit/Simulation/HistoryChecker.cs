using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>Checks each operation against what had to hold when it began (I4, I5, I7).</summary>
internal sealed class HistoryChecker(SimulatedCluster cluster, CommitOracle oracle)
{
    private readonly Dictionary<(NodeId Origin, ulong Lineage, int Partition), Stamp> _localFloors = [];

    private bool KeepsAcknowledged => cluster.Options.Mode != ReplicationMode.Async;

    public void OnBegin(ClientOp op)
    {
        PartitionRecord record = oracle.Record(op.Lineage, op.Partition);
        op.Floor = cluster.Options.Mode == ReplicationMode.Strong
            ? Stamp.Max(record.AckedFloor, record.ReadFloor)
            : record.AckedFloor;
        op.LocalFloor = _localFloors.GetValueOrDefault((op.Origin, op.Lineage, op.Partition));
        op.UnsafeBefore = record.UnsafeCount;
    }

    public void OnEnded(ClientOp op)
    {
        if (cluster.Options.Trace is not null)
        {
            cluster.Trace(op.Slot, op.ToString());
        }

        if (op.End != ClientOpEnd.Ok || Lineage(op) != op.Lineage)
        {
            return;
        }

        cluster.Checkers.Feed(cluster.Nodes[op.Slot]);
        PartitionRecord record = oracle.Record(op.Lineage, op.Partition);
        bool isGivenUp = op.Position.Epoch < record.UnsafeEpoch || record.IsGivenUp(op.Position);
        bool isExcused = record.UnsafeCount != op.UnsafeBefore || (isGivenUp
            && cluster.Checkers.Memory.MayBeUnaware(op.Lineage, op.Partition, op.Position.Epoch));
        op.MayBeLost = (isExcused && isGivenUp) || record.CommittedUnheard.Contains(op.Position);
        if (!op.IsWrite && !isExcused)
        {
            CheckRead(op);
        }

        if (op.IsWrite)
        {
            record.AckedFloor = Stamp.Max(record.AckedFloor, op.Position);
        }
        else if (op.Mode != ReadMode.Local)
        {
            record.ReadFloor = Stamp.Max(record.ReadFloor, op.Position);
        }

        if (op.IsWrite || op.Mode == ReadMode.Local)
        {
            var key = (op.Origin, op.Lineage, op.Partition);
            _localFloors[key] = Stamp.Max(_localFloors.GetValueOrDefault(key), op.Position);
        }
    }

    private void CheckRead(ClientOp op)
    {
        if (op.Mode == ReadMode.Local)
        {
            if (op.Position < op.LocalFloor)
            {
                cluster.Report($"I7: {op}, after this node had shown {op.LocalFloor}");
            }
        }
        else if (KeepsAcknowledged && op.Position < op.Floor && !MayBeReadFromLostLease(op))
        {
            cluster.Report($"I4/I5: {op}, after {op.Floor} had been acknowledged or read");
        }
    }

    /// <summary>Whether a primary that does not know of the reign in question has a lease that the store forgot, or the
    /// store forgot that reign.</summary>
    private bool MayBeReadFromLostLease(ClientOp op) =>
        cluster.Nodes.Exists(n => n.HasLostLease && n.Node!.Replicas[op.Partition].Promised < op.Floor.Epoch)
        || (op.Position.Epoch < op.Floor.Epoch
            && cluster.Checkers.Memory.MayBeUnheard(op.Lineage, op.Partition, op.Floor.Epoch, op.Position.Epoch));

    private ulong Lineage(ClientOp op) => cluster.Nodes[op.Slot].Node?.Membership.Map?.Lineage ?? 0;
}
