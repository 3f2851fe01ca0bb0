using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// Checks a run at its end: the cluster is whole again (I11, I10), every acknowledged write is where it was
/// acknowledged (I2) or lost as
/// async allows (I13), nothing happened twice or after a refusal (I14), and every answer equals a replay of the
/// committed ops (I3, I5).
/// </summary>
internal sealed class FinalChecker(SimulatedCluster cluster, CommitOracle oracle)
{
    public void Check()
    {
        SimulatedNode[] live = [.. cluster.Nodes.Where(n => n.Node is not null)];
        if (cluster.Violation is not null || !CheckMembership(live))
        {
            return;
        }

        PartitionMap map = live.Select(n => n.Node!.Membership.Map!).MaxBy(m => m.Version)!;
        for (int p = 0; p < cluster.Options.Partitions; p++)
        {
            CheckPartition(live, map, p);
            CheckHistory(map.Lineage, p);
        }

        if (cluster.Clients.OpenCount > 0)
        {
            cluster.Report($"I11: {cluster.Clients.OpenCount} requests never ended");
        }
    }

    private bool CheckMembership(SimulatedNode[] live)
    {
        foreach (SimulatedNode node in live)
        {
            Membership membership = node.Node!.Membership;
            if (membership.Phase != MembershipPhase.Active
                || membership.Map?.Lineage != cluster.Store.State.Map?.Lineage)
            {
                cluster.Report($"I11: slot {node.Slot} is {membership.Phase} at the end");
                return false;
            }
        }

        return true;
    }

    private void CheckPartition(SimulatedNode[] live, PartitionMap map, int p)
    {
        PartitionPlacement placement = map.Placements[p];
        int serving = live.Count(n => n.Node!.IsServing(new PartitionId(p)));
        int wanted = Math.Min(cluster.ClusterOptions.Fingerprint.ReplicationFactor, live.Length);
        if (serving != 1 || !placement.IsActivated || placement.Voters.Length != wanted)
        {
            cluster.Report(
                $"I11: p{p} has {serving} serving primaries, {placement.Voters.Length} of {wanted} voters, "
                + $"activated {placement.IsActivated}, phase {Phase(live, placement, p)}");
            return;
        }

        PartitionReplica primary = live.First(n => n.Id == placement.Primary).Node!.Replicas[p];
        foreach (SimulatedNode node in live)
        {
            PartitionReplica replica = node.Node!.Replicas[p];
            bool holds = placement.Voters.Contains(node.Id);
            if (replica.Receiver.Shadow is not null || (!holds && replica.Copy is not null))
            {
                cluster.Report($"I10/I11: slot {node.Slot} still has a shadow or an unwanted copy of p{p}");
            }
            else if (holds && (replica.Copy?.Applied != primary.Copy!.Applied
                || replica.Copy.State.ContentHash() != primary.Copy.State.ContentHash()))
            {
                cluster.Report(
                    $"I3/I11: slot {node.Slot} holds p{p} at {replica.Copy?.Applied}, its primary at {primary.Copy!.Applied}");
            }
        }
    }

    private static string Phase(SimulatedNode[] live, PartitionPlacement placement, int p) =>
        live.FirstOrDefault(n => n.Id == placement.Primary)?.Node!.Replicas[p].Reign?.Phase.ToString() ?? "none";

    private void CheckHistory(ulong lineage, int p)
    {
        PartitionRecord record = oracle.Record(lineage, p);
        record.FillGaps();
        ClientOp[] ops = [.. cluster.Clients.History.Where(o => o.Partition == p && o.Lineage == lineage)];
        CheckOnce(record, ops);
        foreach (ClientOp op in ops.Where(o => o.IsWrite && o.End == ClientOpEnd.Ok
            && !o.MayBeLost && !record.Lost.Contains(o.Position)))
        {
            CheckAcknowledged(record, op);
        }

        if (!record.HasHole)
        {
            Replay(record, ops);
        }
    }

    private void CheckOnce(PartitionRecord record, ClientOp[] ops)
    {
        var executed = new Dictionary<(NodeId, long), Stamp>();
        foreach (LogEntry entry in record.Committed.Values.Where(e => e.RequestId != 0))
        {
            if (!executed.TryAdd((entry.Origin, entry.RequestId), entry.Stamp))
            {
                cluster.Report(
                    $"I14: request {entry.Origin}#{entry.RequestId} happened as "
                    + $"{executed[(entry.Origin, entry.RequestId)]} and again as {entry.Stamp}");
            }
        }

        foreach (ClientOp op in ops.Where(o => o.IsWrite && o.End is ClientOpEnd.Unavailable or ClientOpEnd.Busy
            or ClientOpEnd.Refused))
        {
            if (op.IsWrite && executed.ContainsKey((op.Origin, op.RequestId)))
            {
                cluster.Report($"I14: {op}, yet it happened");
            }
        }
    }

    private void CheckAcknowledged(PartitionRecord record, ClientOp op)
    {
        bool isThere = op.Position == Stamp.Zero
            || (record.Committed.TryGetValue(op.Position.Sequence.Value, out LogEntry? entry)
                && entry.Stamp == op.Position);
        if (isThere)
        {
            return;
        }

        if (cluster.Options.Mode != ReplicationMode.Async)
        {
            cluster.Report($"I2: {op}, but it is not in the log at the end");
            return;
        }

        bool laterSurvived = record.Committed.Values.Any(
            e => e.Stamp.Epoch == op.Position.Epoch && e.Stamp.Sequence > op.Position.Sequence);
        if (laterSurvived)
        {
            cluster.Report($"I13: {op} is lost, but a later op of its reign survived");
        }
    }

    private void Replay(PartitionRecord record, ClientOp[] ops)
    {
        ILookup<Stamp, ClientOp> byPosition = ops.Where(o => o.End == ClientOpEnd.Ok).ToLookup(o => o.Position);
        var state = new SimulatedState();
        CheckAnswers(state, null, byPosition[Stamp.Zero]);
        long expected = 1;
        foreach (LogEntry entry in record.Committed.Values)
        {
            if (entry.Stamp.Sequence.Value != expected++)
            {
                if (cluster.Options.Mode != ReplicationMode.Async)
                {
                    cluster.Report($"I1: nobody ever reported op {expected - 1} of the log as committed");
                }

                return;
            }

            foreach (ClientOp op in byPosition[entry.Stamp].Where(o => IsOf(o, entry)))
            {
                if (!op.Result.AsSpan().SequenceEqual(state.Evaluate(op.Operation).Result))
                {
                    cluster.Report($"I3: {op} was answered something else than a replay answers");
                }
            }

            foreach (Effect effect in entry.Effects)
            {
                state.Apply(effect);
            }

            CheckAnswers(state, entry, byPosition[entry.Stamp]);
        }

        if (cluster.Options.Mode == ReplicationMode.Strong)
        {
            CheckNothingDirtyWasRead(record, byPosition);
        }
    }

    private void CheckAnswers(SimulatedState state, LogEntry? entry, IEnumerable<ClientOp> ops)
    {
        foreach (ClientOp op in ops.Where(o => entry is null || !IsOf(o, entry)))
        {
            byte[] answer = op.IsWrite ? state.Evaluate(op.Operation).Result : state.Answer(op.Operation);
            if (!op.Result.AsSpan().SequenceEqual(answer))
            {
                cluster.Report($"I3/I4: {op} was answered something else than a replay answers");
            }
        }
    }

    private void CheckNothingDirtyWasRead(PartitionRecord record, ILookup<Stamp, ClientOp> byPosition)
    {
        foreach (IGrouping<Stamp, ClientOp> group in byPosition.Where(g => g.Key != Stamp.Zero))
        {
            if (!record.Lost.Contains(group.Key) && !group.All(o => o.MayBeLost)
                && (!record.Committed.TryGetValue(group.Key.Sequence.Value, out LogEntry? entry)
                    || entry.Stamp != group.Key))
            {
                cluster.Report($"I5: {group.First(o => !o.MayBeLost)}, which was never committed");
            }
        }
    }

    private static bool IsOf(ClientOp op, LogEntry entry) =>
        op.RequestId == entry.RequestId && op.Origin == entry.Origin;
}
