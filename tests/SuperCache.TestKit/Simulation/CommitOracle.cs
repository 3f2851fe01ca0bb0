using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>Collects what nodes report as committed: at each place of a partition there may only ever be one op
/// (I1).</summary>
internal sealed class CommitOracle(SimulatedCluster cluster)
{
    private readonly Dictionary<(ulong Lineage, int Partition), PartitionRecord> _records = [];
    private readonly Dictionary<(int Slot, int Partition), (PartitionCopy Copy, Sequence Fed, Sequence Seen)> _fed = [];

    public PartitionRecord Record(ulong lineage, int partition)
    {
        if (!_records.TryGetValue((lineage, partition), out PartitionRecord? record))
        {
            _records[(lineage, partition)] = record = new PartitionRecord();
        }

        return record;
    }

    /// <summary>Takes in what a node has newly committed.</summary>
    public void Feed(SimulatedNode node, ulong lineage)
    {
        foreach (PartitionReplica replica in node.Node!.Replicas)
        {
            if (replica.Copy is not { } copy)
            {
                continue;
            }

            var key = (node.Slot, replica.Id.Value);
            if (!_fed.TryGetValue(key, out (PartitionCopy Copy, Sequence Fed, Sequence Seen) last)
                || !ReferenceEquals(last.Copy, copy))
            {
                last = (copy, copy.Log.Base.Sequence, copy.Log.Base.Sequence);
            }

            PartitionRecord record = Record(lineage, replica.Id.Value);
            for (Sequence s = Sequence.Max(last.Seen, copy.Log.Base.Sequence).Next; s <= copy.Last.Sequence; s = s.Next)
            {
                LogEntry entry = copy.Log[s];
                record.Appended.TryAdd(entry.Stamp, (entry, copy.Log.StampAt(s.Previous)!.Value));
            }

            if (copy.Commit > last.Fed)
            {
                Sequence from = Sequence.Max(last.Fed, copy.Log.Base.Sequence).Next;
                Stamp top = copy.Log.StampAt(copy.Commit)!.Value;
                record.OnCommitting(top);

                // Who has not heard of the reign that gave its ops up goes on committing what does not count.
                bool counts = !record.IsGivenUp(top);
                for (Sequence s = from; counts && s <= copy.Commit; s = s.Next)
                {
                    Take(node, replica.Id, record, copy.Log[s]);
                }

                bool isUnheard = !counts && (IsOnLostLease(node, replica)
                    || cluster.Checkers.Memory.MayBeUnaware(lineage, replica.Id.Value, top.Epoch));
                for (Sequence s = from; isUnheard && s <= copy.Commit; s = s.Next)
                {
                    record.CommittedUnheard.Add(copy.Log[s].Stamp);
                }
            }

            _fed[key] = (copy, Sequence.Max(copy.Commit, last.Fed), copy.Last.Sequence);
        }
    }

    private static bool IsOnLostLease(SimulatedNode node, PartitionReplica replica) =>
        node.HasLostLease && replica.Placement is { Voters: [var only] } && only == node.Id;

    private void Take(SimulatedNode node, PartitionId partition, PartitionRecord record, LogEntry entry)
    {
        record.OnCommitted(entry.Stamp, node.Node!.Replicas[partition.Value].Promised);
        if (!record.Committed.TryGetValue(entry.Stamp.Sequence.Value, out LogEntry? known))
        {
            record.Committed[entry.Stamp.Sequence.Value] = entry;
        }
        else if (known.Stamp != entry.Stamp)
        {
            cluster.Report(
                $"I1: slot {node.Slot} committed {entry.Stamp} of {partition}, where {known.Stamp} was committed before");
        }
    }
}
