using System.Collections.Immutable;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Primary;
using SuperCache.Wire;

namespace SuperCache.Replication.Forwarder;

/// <summary>
/// The asking side of quorum reads (rule R-12): asks all voters and active voters, and takes the answer of the most
/// advanced once
/// majorities of both have answered in the epoch that was asked for.
/// </summary>
/// <remarks>Why it is enough: an acknowledged op is applied, or decided, on a majority of the active voters of the
/// epoch it was acknowledged
/// in; two majorities meet; and a node that knows a newer epoch says so, which begins the read anew.</remarks>
/// <param name="context">The node.</param>
/// <param name="replicas">Its partitions.</param>
internal sealed class QuorumReads(NodeContext context, PartitionReplica[] replicas)
{
    private readonly Dictionary<long, Round> _rounds = [];

    /// <summary>Begins a round; it replaces the read's round before.</summary>
    public void Begin(PendingRequest pending, PartitionPlacement placement)
    {
        if (placement.PollAll)
        {
            return;
        }

        PartitionId partition = pending.Request.Partition;
        _rounds[pending.Id] = new Round(pending.Attempt, placement);
        var message = new QuorumReadMessage(
            partition, placement.Epoch, pending.Id, pending.Attempt, pending.Request.Operation);
        foreach (NodeId node in placement.Voters.Union(placement.ActiveVoters))
        {
            if (node == context.Self)
            {
                replicas[partition.Value].Reads.OnRead(node, message);
            }
            else
            {
                context.Outbox.Send(node, message);
            }
        }
    }

    /// <summary>Takes in a copy's answer.</summary>
    public void OnReply(NodeId from, QuorumReadReplyMessage reply)
    {
        context.Membership.Heard(reply.Epoch.Value);
        if (!_rounds.TryGetValue(reply.ReadId, out Round? round) || round.Attempt != reply.Attempt)
        {
            return;
        }

        if (reply.Epoch > round.Placement.Epoch)
        {
            _rounds.Remove(reply.ReadId);
            context.Router.OnQuorum(reply.ReadId, reply.Attempt, outcome: null);
            return;
        }

        if (!reply.Complete || reply.Epoch < round.Placement.Epoch)
        {
            return;
        }

        round.Answers[from] = (reply.Position, reply.Result);
        bool isEnough = round.HasMajority(round.Placement.Voters) && round.HasMajority(round.Placement.ActiveVoters);
        if (isEnough || context.Options.Breaks(PlantedBug.QuorumOfOne))
        {
            (Stamp position, byte[] result) = round.Answers.Values.MaxBy(a => a.Position);
            context.Router.OnQuorum(
                reply.ReadId, reply.Attempt, new RequestOutcome(RequestStatus.Ok, position, result));
        }
    }

    /// <summary>The read has ended.</summary>
    public void Forget(long readId) => _rounds.Remove(readId);

    private sealed class Round(int attempt, PartitionPlacement placement)
    {
        public int Attempt { get; } = attempt;

        public PartitionPlacement Placement { get; } = placement;

        public SortedDictionary<NodeId, (Stamp Position, byte[] Result)> Answers { get; } = [];

        public bool HasMajority(ImmutableArray<NodeId> voters) =>
            voters.Count(Answers.ContainsKey) >= AckTracker.Majority(voters.Length);
    }
}
