using System.Collections.Immutable;
using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// What the store has forgotten, and who could have told it so. It decides which losses of committed ops no protocol
/// could have prevented.
/// </summary>
internal sealed class StoreMemory(SimulatedCluster cluster)
{
    private const long TimeToRestore = 600_000;
    private readonly Dictionary<(ulong Lineage, int Partition, Epoch), long> _reigns = [];
    private readonly Dictionary<(ulong Lineage, int Partition, Epoch), (ImmutableArray<NodeId> Voters, long At)>
        _activations = [];
    private readonly List<Loss> _losses = [];

    /// <summary>The store executed a request.</summary>
    public void OnExecuted(NodeId caller, StoreRequest request, StoreReply reply)
    {
        if (cluster.Store.State.Map is { } map)
        {
            for (int p = 0; p < map.Placements.Length; p++)
            {
                PartitionPlacement placement = map.Placements[p];
                _reigns.TryAdd((map.Lineage, p, placement.Epoch), cluster.Events.Now);
                if (placement.IsActivated)
                {
                    _activations.TryAdd(
                        (map.Lineage, p, placement.Epoch), (placement.ActiveVoters, cluster.Events.Now));
                }
            }
        }

        foreach (Loss loss in _losses)
        {
            if (request is RestoreRequest && reply.Status == StoreStatus.Ok
                && loss.Witnesses.TryGetValue(caller, out Witness? witness))
            {
                witness.RestoredAt = Math.Min(witness.RestoredAt, cluster.Events.Now);
            }
        }
    }

    /// <summary>A node heard the store's answer to a request.</summary>
    public void OnAnswered(NodeId caller, long executedAt)
    {
        foreach (Loss loss in _losses)
        {
            if (executedAt >= loss.At && loss.Witnesses.TryGetValue(caller, out Witness? witness))
            {
                witness.FirstAnswer ??= cluster.Events.Now;
                witness.LastAnswer = cluster.Events.Now;
            }
        }
    }

    /// <summary>The store lost what it had acknowledged.</summary>
    public void OnLoss(PartitionMap? left)
    {
        var loss = new Loss(cluster.Events.Now, left);
        foreach (SimulatedNode node in cluster.Nodes)
        {
            if (node.Node?.Membership.Map is { } map)
            {
                loss.Witnesses[node.Id] = new Witness(
                    map, [.. node.Node.Replicas.Select(r => r.Copy?.Last ?? Stamp.Zero)]);
            }
        }

        _losses.Add(loss);
    }

    /// <summary>
    /// Whether a reign could not have known of ops that were committed: the store forgot that the voters which
    /// committed them were activated, the reign relies on others, and everybody who knew, or held one of them, has
    /// been dead, asleep or out of reach of the store ever since.
    /// </summary>
    /// <param name="lineage">The cluster.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="reliesOn">The active voters that the reign was told of.</param>
    /// <param name="lost">What was committed and is not in the reign's log.</param>
    public bool HasForgotten(ulong lineage, int partition, ImmutableArray<NodeId> reliesOn,
        List<(Stamp Stamp, Epoch CommittedIn)> lost) => lost.Select(l => l.CommittedIn).Distinct().All(epoch =>
            _activations.TryGetValue(
                (lineage, partition, epoch), out (ImmutableArray<NodeId> Voters, long At) activation)
            && !activation.Voters.ToHashSet().SetEquals(reliesOn)
            && _losses.Exists(loss => loss.At >= activation.At && loss.Forgot(lineage, partition, epoch)
                && loss.Witnesses.Values.All(w => w.IsMute || !w.Knew(lineage, partition, epoch, lost[0].Stamp))));

    /// <summary>
    /// Whether an older reign may go on beside a newer one: the store forgot the newer, those who knew have not been
    /// able to say so or said so less than a lease ago, and the older began after that, or was given up by an unsafe
    /// recovery.
    /// </summary>
    public bool MayBeUnheard(ulong lineage, int partition, Epoch newer, Epoch older)
    {
        PartitionRecord record = cluster.Checkers.Oracle.Record(lineage, partition);
        return _reigns.TryGetValue((lineage, partition, newer), out long beganAt)
            && _losses.Exists(loss => loss.At >= beganAt && loss.ForgotReign(lineage, partition, newer)
            && (record.UnsafeEpoch > older || record.BeganAt(older) >= loss.At)
            && loss.Witnesses.Values.Where(w => w.KnewReign(lineage, partition, newer)).ToList() is var knowing
            && (knowing.TrueForAll(w => w.IsMute)
                || (knowing.Exists(w => w.RestoredAt != long.MaxValue)
                    && cluster.Events.Now - knowing.Min(w => w.RestoredAt) < SimulatedCluster.LeaseMs * 1_000L)));
    }

    /// <summary>Whether a reign whose ops were given up may not have heard of the one that did so, or the store forgot
    /// it while it goes on.</summary>
    public bool MayBeUnaware(ulong lineage, int partition, Epoch reign)
    {
        Epoch other = cluster.Checkers.Oracle.Record(lineage, partition).UnsafeEpoch;
        return MayBeUnheard(lineage, partition, newer: other, older: reign)
            || MayBeUnheard(lineage, partition, newer: reign, older: other);
    }

    private sealed record Loss(long At, PartitionMap? Left)
    {
        public Dictionary<NodeId, Witness> Witnesses { get; } = [];

        public bool Forgot(ulong lineage, int partition, Epoch epoch) => Left is null
            || Left.Lineage != lineage
            || !IsActivated(Left.Placements[partition], epoch);

        public bool ForgotReign(ulong lineage, int partition, Epoch epoch) => Left is null
            || Left.Lineage != lineage
            || Left.Placements[partition].Epoch < epoch;
    }

    /// <summary>A process at the time of a loss.</summary>
    private sealed record Witness(PartitionMap Map, Stamp[] Lasts)
    {
        public long RestoredAt { get; set; } = long.MaxValue;

        public long? FirstAnswer { get; set; }

        public long LastAnswer { get; set; }

        /// <summary>Whether it had no time to tell the store.</summary>
        public bool IsMute => RestoredAt == long.MaxValue
            && (FirstAnswer is null || LastAnswer - FirstAnswer < TimeToRestore);

        public bool Knew(ulong lineage, int partition, Epoch epoch, Stamp first) => Map.Lineage == lineage
            && (IsActivated(Map.Placements[partition], epoch) || Lasts[partition] >= first);

        public bool KnewReign(ulong lineage, int partition, Epoch epoch) =>
            Map.Lineage == lineage && Map.Placements[partition].Epoch >= epoch;
    }

    private static bool IsActivated(PartitionPlacement placement, Epoch epoch) =>
        placement.Epoch > epoch || (placement.Epoch == epoch && placement.IsActivated);
}
