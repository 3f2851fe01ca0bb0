using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Primary;

/// <summary>
/// The beginning of a reign (rules ): every active voter is asked to promise the epoch and to say how advanced
/// it is; the most
/// advanced complete copy is adopted.
/// </summary>
/// <remarks>
/// Why it is enough: an acknowledged op is on ⌊n/2⌋+1 of the n active voters, ⌈n/2⌉ of them have answered, so one that
/// has it answered,
/// and by its promise nothing older can be acknowledged any more. Of two logs the one with the higher stamp holds
/// every acknowledged
/// op of the other. When voters are dead for good and too few are left, it goes on with what there is and says so.
/// After the store has
/// forgotten who the voters were, everybody is asked who has come back within a lease, and any of them that died
/// without an answer may have been the
/// one that counted. Whoever is asked says, too, who held the partition before the repair, as far as it knows: who
/// repaired the store may have known less, and the holders that the latest such answer names are asked as well.
/// </remarks>
internal sealed class Recovery
{
    private const int AskAgain = 100;
    private const int PullAgain = 200;

    private readonly NodeContext _context;
    private readonly PartitionReplica _replica;
    private readonly Reign _reign;
    private readonly bool _isContinued;
    private readonly SortedDictionary<NodeId, (Stamp Last, bool Complete)> _answers = [];
    private readonly HashSet<NodeId> _asked = [];
    private (Epoch Epoch, IEnumerable<NodeId> Holders) _known;
    private readonly long _startedAt;
    private long _quorumAt = -1;
    private long _nextSend;
    private long _lastProgress;
    private bool _isUnsafe;

    // A node that answered is pulled from although it is not live, as long as it goes on answering.
    private bool _wasSourceLive;

    /// <summary>Begins. Nothing is asked before the first tick.</summary>
    /// <param name="context">The node.</param>
    /// <param name="replica">The partition.</param>
    /// <param name="reign">The reign.</param>
    /// <param name="isContinued">Whether this node served in the epoch before: nobody can be more advanced, so nobody
    /// is waited for.</param>
    public Recovery(NodeContext context, PartitionReplica replica, Reign reign, bool isContinued)
    {
        _context = context;
        _replica = replica;
        _reign = reign;
        _isContinued = isContinued;
        _known = (replica.LastUnrepaired?.Epoch ?? default, replica.LastUnrepaired?.Holders ?? []);
        _startedAt = context.Now;
    }

    /// <summary>The node whose log is adopted; none while it is not chosen.</summary>
    public NodeId Source { get; private set; }

    /// <summary>The end of the log that is adopted.</summary>
    public Stamp Goal { get; private set; }

    /// <summary>Lets time pass: asks again, decides, pulls again.</summary>
    public void Tick(long now)
    {
        if (Source != NodeId.None)
        {
            TickPull(now);
            return;
        }

        if (now >= _nextSend)
        {
            _nextSend = now + AskAgain;
            foreach (NodeId target in Targets().Where(t => t != _context.Self && !_answers.ContainsKey(t)))
            {
                _asked.Add(target);
                _context.Outbox.Send(target, new QueryMessage(_replica.Id, _reign.Epoch));
            }
        }

        Decide(now);
    }

    /// <summary>A node has promised and says how advanced it is.</summary>
    public void OnQueryReply(NodeId from, QueryReplyMessage reply)
    {
        if (Source == NodeId.None)
        {
            _answers[from] = (reply.Last, reply.Complete);
            _known = reply.Known > _known.Epoch ? (reply.Known, reply.Holders) : _known;
            Decide(_context.Now);
        }
    }

    /// <summary>The adopted node hands over ops.</summary>
    public void OnPullReply(NodeId from, PullReplyMessage reply)
    {
        if (from != Source)
        {
            return;
        }

        _lastProgress = _context.Now;
        if (_replica.Receiver.Held is { } held)
        {
            held.Accept(reply.Previous, reply.Entries, out _);
            _replica.Receiver.AdoptShadowIfReady(from);
        }
        else if (_replica.Copy is { } copy)
        {
            copy.Accept(reply.Previous, reply.Entries, out _);
            PullOrFinish();
        }
    }

    /// <summary>The adopted node's snapshot is complete and must grow before it becomes the copy.</summary>
    public void OnHeld()
    {
        _lastProgress = _context.Now;
        PullOrFinish();
    }

    /// <summary>The adopted node's snapshot has become the copy.</summary>
    public void OnCopyReplaced()
    {
        _lastProgress = _context.Now;
        PullOrFinish();
    }

    private IEnumerable<NodeId> Targets()
    {
        PartitionPlacement placement = _reign.Placement;
        return placement.PollAll
            ? placement.ActiveVoters.Union(_replica.KnownSinceSettled).Union(_known.Holders)
            : placement.ActiveVoters;
    }

    private void Decide(long now)
    {
        PartitionPlacement placement = _reign.Placement;
        CreateCopyOfNewCluster(placement);
        _answers[_context.Self] = (_replica.Copy?.Last ?? Stamp.Zero, _replica.Copy is not null);
        int complete = placement.ActiveVoters.Count(v =>
            _answers.TryGetValue(v, out (Stamp, bool Complete) a) && a.Complete);
        bool hasQuorum = complete >= AckTracker.TakeoverQuorum(placement.ActiveVoters.Length)
            || _context.Options.Breaks(PlantedBug.NoQuery);
        bool allLiveAnswered = Targets().All(t => _answers.ContainsKey(t) || !_context.IsLive(t));
        if (hasQuorum && _quorumAt < 0)
        {
            _quorumAt = now;
        }

        bool isReady = placement.PollAll
            ? allLiveAnswered && _context.Membership.PolledAt - _startedAt >= _context.Options.Timings.Lease
            : (hasQuorum
                && (allLiveAnswered || _isContinued || now - _quorumAt >= _context.Options.Timings.TakeoverExtra
                || _context.Options.Breaks(PlantedBug.NoQuery)))
                || allLiveAnswered;
        if (isReady)
        {
            _isUnsafe = !hasQuorum || (placement.PollAll && !_asked.All(_answers.ContainsKey));
            Adopt(now);
        }
    }

    private void Adopt(long now)
    {
        bool byLength = _context.Options.Breaks(PlantedBug.AdoptLongest);
        (NodeId Node, Stamp Last) best = _replica.Copy is { } own
            ? (_context.Self, own.Last) : (NodeId.None, Stamp.Zero);
        foreach ((NodeId node, (Stamp last, bool complete)) in _answers)
        {
            bool isBetter = byLength ? last.Sequence > best.Last.Sequence : last > best.Last;
            if (complete && (best.Node == NodeId.None || isBetter))
            {
                best = (node, last);
            }
        }

        if (best.Node == NodeId.None)
        {
            _replica.CreateEmptyCopy();
            best = (_context.Self, Stamp.Zero);
        }

        (Source, Goal, _lastProgress, _nextSend) = (best.Node, best.Last, now, 0);
        _wasSourceLive = _context.IsLive(Source);
        PullOrFinish();
    }

    private void PullOrFinish()
    {
        if (Source == _context.Self || _replica.Copy?.Last == Goal)
        {
            if (_isUnsafe)
            {
                _context.Events.OnUnsafeRecovery(_replica.Id, _reign.Epoch, _replica.Copy!.Last);
            }

            _reign.StartSyncing(_replica.Copy!.Last);
        }
        else if (Source != NodeId.None)
        {
            _nextSend = 0;
            TickPull(_context.Now);
        }
    }

    private void TickPull(long now)
    {
        bool isReceiving = _replica.Receiver.Shadow is { IsReceiving: true };
        if ((_wasSourceLive && !_context.IsLive(Source)) || now - _lastProgress > (isReceiving
            ? 10 : 1) * (long)_context.Options.Timings.ShadowPatience)
        {
            (Source, _quorumAt, _nextSend) = (NodeId.None, -1, 0);
            _answers.Clear();
            _replica.Receiver.DropShadow();
        }
        else if (now >= _nextSend && !isReceiving)
        {
            _nextSend = now + PullAgain;
            _replica.Receiver.ExpectSnapshot();
            PartitionCopy? growing = _replica.Receiver.Held ?? _replica.Copy;
            Stamp last = growing?.Last ?? Stamp.Zero;
            _context.Outbox.Send(Source, new PullMessage(_replica.Id, _reign.Epoch, last, Full: growing is null));
        }
    }

    /// <summary>The only active voter of a reign is this process, which has never held a copy: the cluster was made by
    /// its first join.</summary>
    private void CreateCopyOfNewCluster(PartitionPlacement placement)
    {
        if (_replica.Copy is null
            && !placement.PollAll && placement.ActiveVoters is [var only] && only == _context.Self)
        {
            _replica.CreateEmptyCopy();
        }
    }
}
