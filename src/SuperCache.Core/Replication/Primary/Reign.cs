using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Primary;

/// <summary>Where a reign stands.</summary>
internal enum ReignPhase
{
    /// <summary>Asks for the most advanced log and adopts it.</summary>
    Recovering,

    /// <summary>Brings a majority of the voters to its first op, then asks for activation.</summary>
    Syncing,

    /// <summary>Orders ops. Serves while it has a lease and is confirmed.</summary>
    Active,

    /// <summary>Gives the partition to another voter; serves no more.</summary>
    Transferring,

    /// <summary>Does not know whether a change it asked for happened; leads again only in a new epoch .</summary>
    Fencing,
}

/// <summary>
/// The reign of this node over one partition: from the epoch that the map gave it to the epoch that ends it.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>Nothing is committed and nothing served before the voters are activated: the voters that commit are always
/// the map's active ones.</item>
/// <item>The commit point is an op of this reign that a majority of the voters holds; it carries all before it.</item>
/// <item>It serves only with a lease, and after a lapse only when a majority has echoed a round begun after it (R-3,
/// R-4).</item>
/// <item>It ends, for good, when a higher epoch is promised.</item>
/// </list>
/// Every change of the voters is a new epoch, and every epoch begins with recovery; a primary that continues needs
/// only the quorum and
/// does not wait for more. Sources: Raft's election restriction and no-op; Viewstamped Replication's recovery.
/// </remarks>
internal sealed class Reign
{
    private readonly NodeContext _context;
    private readonly PartitionReplica _replica;
    private Sequence _opening;
    private bool _activationAsked;
    private int _confirmedLapses;
    private int _roundLapses;
    private int _confirmingRound;

    /// <summary>Begins a reign.</summary>
    public Reign(NodeContext context, PartitionReplica replica, PartitionPlacement placement)
    {
        _context = context;
        _replica = replica;
        Placement = placement;
        Replicator = new Replicator(context, replica, this);
        Writes = new WriteQueue(context, replica, this);
        Upkeep = new ReignUpkeep(context, replica, this);
        Begin(placement, isContinued: false);
    }

    /// <summary>The placement it was given, in its newest form.</summary>
    public PartitionPlacement Placement { get; private set; }

    /// <summary>Its epoch.</summary>
    public Epoch Epoch => Placement.Epoch;

    /// <summary>Where it stands.</summary>
    public ReignPhase Phase { get; private set; }

    /// <summary>Its recovery; null afterwards.</summary>
    public Recovery? Recovery { get; private set; }

    /// <summary>Its stream to the followers.</summary>
    public Replicator Replicator { get; }

    /// <summary>Its operations under way.</summary>
    public WriteQueue Writes { get; }

    /// <summary>Its care for the voters.</summary>
    public ReignUpkeep Upkeep { get; }

    /// <summary>The round that appends carry; an echo proves that its sender had not promised another primary
    /// since.</summary>
    public int Round { get; private set; }

    /// <summary>The commit point that followers may be told: none before the reign is active.</summary>
    public Sequence KnownCommit => _replica.Copy!.Commit;

    /// <summary>Whether operations may be executed at this moment.</summary>
    public bool IsServing => Phase == ReignPhase.Active && _context.CanServe && IsConfirmed;

    /// <summary>Whether ops that nobody need confirm may be ordered at this moment: a node that is cut off from the
    /// others leads until its lease ends.</summary>
    public bool IsOrdering => Phase == ReignPhase.Active && _context.HasLease && IsConfirmed;

    private bool IsConfirmed =>
        _confirmedLapses == _context.Membership.Lease.Lapses || _context.Options.Breaks(PlantedBug.NoConfirmation);

    /// <summary>Follows a change of the map that leaves this node primary.</summary>
    public void OnPlacement(PartitionPlacement placement)
    {
        if (placement.Epoch > Epoch)
        {
            Begin(placement, isContinued: Phase == ReignPhase.Active);
            return;
        }

        Placement = placement;
        Advance();
    }

    /// <summary>Takes in an acknowledgement of this epoch.</summary>
    public void OnAck(NodeId from, AckMessage ack)
    {
        if (Replicator.Find(from) is { } follower)
        {
            follower.LastAcked = _context.Now;
            follower.Credit = ack.Credit;
            follower.OnAck(ack.Matched, ack.Round, ack.Complete, _context.Options.Timings.Resend);
            Advance();
        }
    }

    /// <summary>A follower says where it is.</summary>
    public void OnFetch(NodeId from, FetchMessage message)
    {
        if (Phase != ReignPhase.Recovering && Replicator.Find(from) is { } follower)
        {
            Replicator.OnFetch(follower, message);
        }
    }

    /// <summary>The copy was replaced by a received one: what was under way is no longer in the log.</summary>
    public void OnCopyReplaced()
    {
        Writes.Abandon();
        Recovery?.OnCopyReplaced();
    }

    /// <summary>Recovery has the most advanced log: opens the reign with an op of its own.</summary>
    public void StartSyncing(Stamp adopted)
    {
        Recovery = null;
        _replica.Receiver.DropShadow();
        Phase = ReignPhase.Syncing;
        _activationAsked = false;
        _context.Events.OnReignStarted(_replica.Id, Epoch, adopted);
        PartitionCopy copy = _replica.Copy!;
        foreach (NodeId voter in Placement.Voters.Where(v => v != _context.Self))
        {
            Replicator.Add(voter);
        }

        _opening = copy.Last.Sequence.Next;
        copy.Append(new LogEntry(new Stamp(Epoch, _opening), [], NodeId.None, 0, []));
        Replicator.Pump();
        Advance();
    }

    /// <summary>Commits or activates what a majority has.</summary>
    public void Advance()
    {
        if (Phase is not (ReignPhase.Syncing or ReignPhase.Active))
        {
            return;
        }

        PartitionCopy copy = _replica.Copy!;
        Sequence place = AckTracker.MajorityPlace(
            Placement.Voters,
            voter => voter == _context.Self ? copy.Last.Sequence : Replicator.Find(voter)?.Matched ?? default);
        if (Phase == ReignPhase.Syncing)
        {
            Activate(place);
        }

        if (Phase == ReignPhase.Active && place > copy.Commit && place >= _opening)
        {
            copy.AdvanceCommit(place);
            foreach (FollowerProgress follower in Replicator.Followers)
            {
                follower.OwesCommit = _context.Mode == ReplicationMode.Strong;
            }

            Writes.OnCommit();
        }

        ConfirmIfEchoed();
    }

    /// <summary>Hands the partition to another voter. Serves no more from here on, whatever comes of it.</summary>
    public void Transfer(NodeId to)
    {
        if (_context.Membership.TryChange(
            _replica.Id, Epoch, PlacementChange.Transfer, [], to, (ulong)_context.Random.NextInt64()))
        {
            Phase = ReignPhase.Transferring;
        }
    }

    /// <summary>The store answered, or failed to answer, a change that was asked for in this epoch.</summary>
    public void OnChangeAnswered(CasRequest request, StoreStatus status)
    {
        if (request.Expected != Epoch)
        {
            return;
        }

        if (request.Change == PlacementChange.Activate)
        {
            _activationAsked = false;
        }
        else if (status == StoreStatus.Indeterminate && !_context.Options.Breaks(PlantedBug.ResumeAfterIndeterminate))
        {
            Phase = ReignPhase.Fencing;
            Recovery = null;
        }
        else if (status != StoreStatus.Ok && Phase == ReignPhase.Transferring)
        {
            Phase = ReignPhase.Active;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(long now)
    {
        BeginRoundAfterLapse();
        switch (Phase)
        {
            case ReignPhase.Recovering:
                Recovery!.Tick(now);
                break;
            case ReignPhase.Fencing:
                _context.Membership.TryChange(
                    _replica.Id, Epoch, PlacementChange.Fence, [], NodeId.None, (ulong)_context.Random.NextInt64());
                break;
            default:
                Replicator.Tick(now);
                Advance();
                Writes.Tick();
                Upkeep.Tick(now);
                break;
        }
    }

    /// <summary>
    /// Until when this node was surely primary no longer ago than its patience with staleness: by its lease, or because
    /// a majority answered it. In the past when it was not.
    /// </summary>
    public long FreshUntil(long now)
    {
        if (Phase != ReignPhase.Active)
        {
            return long.MinValue;
        }

        long byLease = _context.Membership.Lease.Until;
        if (byLease > now || Placement.Voters.Length == 1)
        {
            return byLease;
        }

        // The voter that completes a majority with this node, in the order in which they were heard.
        IEnumerable<long> heard = Placement.Voters
            .Where(v => v != _context.Self)
            .Select(v => Replicator.Find(v)?.LastAcked ?? long.MinValue / 2)
            .OrderDescending();
        return heard.ElementAt(AckTracker.Majority(Placement.Voters.Length) - 2)
            + _context.Options.Timings.MaxStaleness;
    }

    /// <summary>The reign is over: whoever waits is told that the outcome is open.</summary>
    public void End()
    {
        Upkeep.End();
        Replicator.End();
        Writes.Abandon();
    }

    private void Begin(PartitionPlacement placement, bool isContinued)
    {
        Placement = placement;
        Phase = ReignPhase.Recovering;
        _activationAsked = false;
        _confirmedLapses = _context.Membership.Lease.Lapses;
        Upkeep.OnNewEpoch(isContinued);
        foreach (FollowerProgress follower in Replicator.Followers.ToList())
        {
            follower.BeginReign();
            if (!placement.Voters.Contains(follower.Node) && follower.Node != Upkeep.Learner)
            {
                Replicator.Remove(follower.Node);
            }
        }

        Recovery = new Recovery(_context, _replica, this, isContinued);
        Recovery.Tick(_context.Now);
    }

    private void Activate(Sequence place)
    {
        if (Placement.IsActivated || _context.Options.Breaks(PlantedBug.ServeBeforeActivation))
        {
            if (place >= _opening || _context.Options.Breaks(PlantedBug.ServeBeforeActivation))
            {
                Phase = ReignPhase.Active;
            }
        }
        else if (place >= _opening && !_activationAsked)
        {
            _activationAsked = _context.Membership.TryChange(
                _replica.Id, Epoch, PlacementChange.Activate, [], NodeId.None, (ulong)_context.Random.NextInt64());
        }
    }

    private void BeginRoundAfterLapse()
    {
        int lapses = _context.Membership.Lease.Lapses;
        if (lapses != _confirmedLapses && lapses != _roundLapses)
        {
            _roundLapses = lapses;
            _confirmingRound = ++Round;
        }
    }

    private void ConfirmIfEchoed()
    {
        if (_confirmedLapses == _roundLapses
            || Round < _confirmingRound || _context.Membership.Lease.Lapses != _roundLapses)
        {
            return;
        }

        int echoes = Placement.Voters.Count(v => v == _context.Self || Replicator.Find(v)?.Round >= _confirmingRound);
        if (echoes >= AckTracker.Majority(Placement.Voters.Length))
        {
            _confirmedLapses = _roundLapses;
        }
    }
}
