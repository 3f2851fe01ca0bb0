using System.Collections.Immutable;
using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.Replication.Primary;

/// <summary>
/// A primary's care for its voters (6.9, R-19, R-20): drops the dead, brings the partition back to its number of
/// copies, moves it towards
/// its target, one step at a time: add a learner, make it a voter, hand over the primary, drop the surplus voter.
/// </summary>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
/// <param name="reign">The reign.</param>
internal sealed class ReignUpkeep(NodeContext context, PartitionReplica replica, Reign reign)
{
    private const int Interval = 100;
    private const int LearnerPatience = 60_000;

    private long _nextLook;
    private long _learnerSince;
    private bool _isMoving;

    /// <summary>The node that is brought level to become a voter; none when there is none.</summary>
    public NodeId Learner { get; private set; }

    private ImmutableArray<NodeId> Voters => reign.Placement.Voters;

    /// <summary>Looks after the voters now and then.</summary>
    public void Tick(long now)
    {
        if (now < _nextLook || reign.Phase is not (ReignPhase.Syncing or ReignPhase.Active))
        {
            return;
        }

        _nextLook = now + Interval;
        if (!Voters.All(context.IsLive))
        {
            SetVoters([.. Voters.Where(context.IsLive)]);
        }
        else if (reign.IsServing && context.Staying.Any())
        {
            if (Learner != NodeId.None)
            {
                PromoteLearner(now);
            }
            else
            {
                Rebalance(now);
            }
        }
    }

    /// <summary>A new epoch of this primary has begun.</summary>
    /// <param name="isContinued">Whether what followers hold is still known.</param>
    public void OnNewEpoch(bool isContinued)
    {
        if (!isContinued || Voters.Contains(Learner))
        {
            ForgetLearner();
        }
    }

    /// <summary>The reign is over.</summary>
    public void End() => ForgetLearner();

    private void PromoteLearner(long now)
    {
        if (!context.IsLive(Learner) || now - _learnerSince > LearnerPatience)
        {
            reign.Replicator.Remove(Learner);
            ForgetLearner();
        }
        else if (IsLevel(Learner))
        {
            SetVoters(Voters.Add(Learner));
        }
    }

    private void Rebalance(long now)
    {
        HashSet<NodeId> staying = [.. context.Staying];
        int desired = Math.Min(context.Options.Fingerprint.ReplicationFactor, staying.Count);
        ImmutableArray<NodeId> target = context.Target(replica.Id);
        bool isRested = now - context.Membership.ViewChangedAt >= context.Options.Timings.RebalanceRest;
        if (Voters.Count(staying.Contains) < desired)
        {
            IEnumerable<NodeId> candidates = target.Concat(PartitionAssignment.Ranked(replica.Id, staying));
            BeginLearner(candidates.First(c => !Voters.Contains(c)), now, isMove: false);
        }
        else if (Voters.Length > desired)
        {
            DropSurplus(staying, target);
        }
        else if (isRested && context.Slots.Moving < context.Options.Limits.Moves && !target.All(Voters.Contains))
        {
            BeginLearner(target.First(t => !Voters.Contains(t)), now, isMove: true);
        }
        else if (isRested && target[0] != context.Self && Voters.Contains(target[0]) && IsLevel(target[0]))
        {
            reign.Transfer(target[0]);
        }
    }

    private void DropSurplus(HashSet<NodeId> staying, ImmutableArray<NodeId> target)
    {
        NodeId surplus = Voters.Where(v => v != context.Self)
            .OrderBy(v => (staying.Contains(v), target.Contains(v), v))
            .FirstOrDefault(v => !staying.Contains(v) || !target.Contains(v));
        if (surplus != NodeId.None && Voters.All(v => v == surplus || v == context.Self || IsLevel(v)))
        {
            SetVoters(Voters.Remove(surplus));
            return;
        }

        NodeId heir = target.FirstOrDefault(t => t != context.Self && Voters.Contains(t) && IsLevel(t));
        if (heir != NodeId.None && !(staying.Contains(context.Self) && target.Contains(context.Self)))
        {
            reign.Transfer(heir);
        }
    }

    /// <summary>
    /// Whether a follower would hold the partition up only for a moment if it were counted on. Nothing is at stake but
    /// that moment: what was acknowledged is kept by the voters of the old reign until those of the new one have it
    /// all. A follower that had to be exactly level would never be, while writes go on.
    /// </summary>
    private bool IsLevel(NodeId node)
    {
        PartitionCopy copy = replica.Copy!;
        return reign.Replicator.Find(node) is { } follower
            && follower.Matched.Value > 0
            && copy.Last.Sequence - follower.Matched < context.Options.Limits.PromotionLag;
    }

    private void BeginLearner(NodeId node, long now, bool isMove)
    {
        (Learner, _learnerSince, _isMoving) = (node, now, isMove);
        context.Slots.Moving += isMove ? 1 : 0;
        reign.Replicator.Add(node);
        reign.Replicator.Pump();
    }

    private void ForgetLearner()
    {
        context.Slots.Moving -= _isMoving ? 1 : 0;
        (Learner, _isMoving) = (NodeId.None, false);
    }

    private void SetVoters(ImmutableArray<NodeId> voters) => context.Membership.TryChange(
        replica.Id, reign.Epoch, PlacementChange.SetVoters, voters, NodeId.None, (ulong)context.Random.NextInt64());
}
