using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Primary;
using SuperCache.Replication.Replica;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// One node's part in one partition: what it has promised, its copy if it has one, its reign if it leads, and its
/// receiving end if it
/// follows.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item><see cref="Promised"/> never falls within a lineage (I8); messages of a lower epoch are refused with it
/// .</item>
/// <item>There is a reign only for the promised epoch: promising a higher one ends it.</item>
/// <item><see cref="Copy"/> is complete or null; what is incomplete lives in the receiver's shadow (I9).</item>
/// </list>
/// </remarks>
internal sealed class PartitionReplica
{
    private readonly NodeContext _context;
    private readonly DonorRole _donor;
    private readonly HashSet<NodeId> _knownSinceSettled = [];
    private ClusterView? _view;
    private long _unwantedSince = -1;
    private bool _isStirred;

    /// <summary>Creates a node's part in a partition, with nothing promised and no copy.</summary>
    public PartitionReplica(NodeContext context, PartitionId id)
    {
        _context = context;
        Id = id;
        Snapshots = new SnapshotSessions(context, this);
        Receiver = new ReplicaReceiver(context, this);
        Reads = new QuorumReadServer(context, this);
        _donor = new DonorRole(context, this);
    }

    /// <summary>The partition.</summary>
    public PartitionId Id { get; }

    /// <summary>The highest epoch heard of.</summary>
    public Epoch Promised { get; private set; }

    /// <summary>
    /// The latest placement that no repair of the store made; null when none was seen. Who repairs a store first
    /// decides what it says, and may know less: a takeover then hears from here who else may hold what counts. Its
    /// epoch is never after <see cref="Promised"/>.
    /// </summary>
    public PartitionPlacement? LastUnrepaired { get; private set; }

    /// <summary>The complete copy; null when there is none.</summary>
    public PartitionCopy? Copy { get; private set; }

    /// <summary>This node's reign; null when it does not lead.</summary>
    public Reign? Reign { get; private set; }

    /// <summary>The receiving end.</summary>
    public ReplicaReceiver Receiver { get; }

    /// <summary>Answers quorum reads.</summary>
    public QuorumReadServer Reads { get; }

    /// <summary>Snapshots being sent.</summary>
    public SnapshotSessions Snapshots { get; }

    /// <summary>The newest placement; null before the first map.</summary>
    public PartitionPlacement? Placement { get; private set; }

    /// <summary>Whether ops were ordered that the followers have not been sent.</summary>
    public bool OwesOps { get; set; }

    /// <summary>Something may have changed that the end of this step takes up.</summary>
    public void Stir()
    {
        if (!_isStirred)
        {
            _isStirred = true;
            _context.Stirred.Add(this);
        }
    }

    /// <summary>The end of the step: sends what was only put into the log.</summary>
    public void Settle()
    {
        _isStirred = false;
        if (OwesOps)
        {
            OwesOps = false;
            Reign?.Replicator.Pump();
            Reign?.Advance();
        }
    }

    /// <summary>Follows a new map.</summary>
    public void OnPlacement(PartitionPlacement placement)
    {
        Stir();
        bool isNewReign = Placement is null || placement.Epoch > Placement.Epoch;
        Placement = placement;
        if (!placement.PollAll && (LastUnrepaired is null || placement.IsAfter(LastUnrepaired)))
        {
            LastUnrepaired = placement;
        }

        if (placement.Epoch < Promised)
        {
            if (_context.Map!.Version >= Promised.Value)
            {
                _context.Membership.Contradict(Id, Promised);
            }

            return;
        }

        if (placement.Primary != _context.Self)
        {
            Promise(placement.Epoch);
            return;
        }

        if (Reign is { } reign)
        {
            Promised = placement.Epoch;
            reign.OnPlacement(placement);
        }
        else if (isNewReign)
        {
            Promised = placement.Epoch;
            Receiver.DropShadow();
            Reign = new Reign(_context, this, placement);
        }
    }

    /// <summary>
    /// Everybody who was a member, in any map this node has seen, since the partition was last settled: after the store
    /// has forgotten who the voters were, any of them may hold what counts, also one that was declared dead before a
    /// recovery could ask it.
    /// </summary>
    public IReadOnlySet<NodeId> KnownSinceSettled => _knownSinceSettled;

    /// <summary>Follows a new view of the live nodes.</summary>
    public void OnView(ClusterView view)
    {
        if (Placement is { IsActivated: true })
        {
            _knownSinceSettled.Clear();
            _knownSinceSettled.UnionWith(_view!.Members.Select(m => m.Id));
        }

        _view = view;
        _knownSinceSettled.UnionWith(view.Members.Select(m => m.Id));
    }

    /// <summary>Promises an epoch: a reign of a lower one ends.</summary>
    /// <returns>False when a higher one has been promised already.</returns>
    public bool Promise(Epoch epoch)
    {
        if (epoch < Promised)
        {
            return false;
        }

        if (epoch > Promised)
        {
            Promised = epoch;
            StepDown();
            _context.Membership.Heard(epoch.Value);
        }

        return true;
    }

    /// <summary>Ends the reign, if there is one: whoever waits is told.</summary>
    public void StepDown()
    {
        Stir();
        Reign? reign = Reign;
        Reign = null;
        Snapshots.Clear();
        if (reign is not null)
        {
            Receiver.DropShadow();
            reign.End();
        }

    }

    /// <summary>Makes an empty copy: the cluster is new.</summary>
    public void CreateEmptyCopy()
    {
        Stir();
        Copy ??= new PartitionCopy(_context.Options, _context.States.Create(Id), Stamp.Zero);
    }

    /// <summary>Puts a received copy in the place of the old one.</summary>
    public void ReplaceCopy(PartitionCopy received)
    {
        if (Copy is { } old)
        {
            received.LearnCommit(old);
        }

        Stir();
        Copy = received;
        Reign?.OnCopyReplaced();
    }

    /// <summary>Forgets the partition: its data belongs to a lineage that is gone.</summary>
    public void DropEverything()
    {
        StepDown();
        DropCopy();
        (Promised, LastUnrepaired, Placement) = (default, null, null);
        _knownSinceSettled.Clear();
    }

    /// <summary>Handles a message about this partition.</summary>
    public void OnMessage(NodeId from, PartitionMessage message)
    {
        Stir();
        switch (message)
        {
            case AppendMessage append:
                Receiver.OnAppend(from, append);
                break;
            case ChunkMessage chunk:
                Receiver.OnChunk(from, chunk);
                break;
            case AckMessage ack when IsReign(ack.Epoch):
                Reign!.OnAck(from, ack);
                break;
            case FetchMessage fetch when IsReign(fetch.Epoch):
                Reign!.OnFetch(from, fetch);
                break;
            case QueryReplyMessage reply when IsReign(reply.Epoch):
                Reign!.Recovery?.OnQueryReply(from, reply);
                break;
            case PullReplyMessage reply when IsReign(reply.Epoch):
                Reign!.Recovery?.OnPullReply(from, reply);
                break;
            case NackMessage nack:
                Promise(nack.Epoch);
                break;
            case ChunkAckMessage ack:
                Snapshots.OnAck(from, ack);
                break;
            case QueryMessage query:
                _donor.OnQuery(from, query);
                break;
            case PullMessage pull:
                _donor.OnPull(from, pull);
                break;
            case RequestMessage request:
                OnRequest(from, request);
                break;
            case QuorumReadMessage read:
                Reads.OnRead(from, read);
                break;
            default:
                break;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(long now)
    {
        Copy?.Trim(Snapshots.Pinned, _context.LogBytes);
        Snapshots.Tick(now);
        Receiver.Tick(now);
        if (Reign is { } reign)
        {
            reign.Tick(now);
        }
        else
        {
            ClaimLostReign();
        }

        Reads.Tick();
        DropUnwantedCopy(now);
    }

    /// <summary>Executes or refuses an operation of this node's or another node's caller.</summary>
    public void Execute(PartitionRequest request)
    {
        Stir();
        if (Reign is { } reign)
        {
            reign.Writes.Execute(request);
        }
        else
        {
            request.Respond(_context, Id, Promised, ResponseStatus.NotServing, Stamp.Zero, []);
        }
    }

    private bool IsReign(Epoch epoch)
    {
        if (Reign is { } reign && reign.Epoch == epoch)
        {
            return true;
        }

        if (epoch > Promised)
        {
            Promise(epoch);
        }

        return false;
    }

    private void OnRequest(NodeId from, RequestMessage message) => Execute(new PartitionRequest(
        from, message.RequestId, message.Attempt, message.IsWrite, message.ConflictKey, message.Operation));

    /// <summary>The map says this node reigns, but its reign has ended: it leads again only in a new epoch
    /// .</summary>
    private void ClaimLostReign()
    {
        if (Placement is { } placement && placement.Primary == _context.Self && placement.Epoch == Promised)
        {
            _context.Membership.TryChange(
                Id, placement.Epoch, PlacementChange.Fence, [], NodeId.None, (ulong)_context.Random.NextInt64());
        }
    }

    /// <summary>
    /// Drops a copy that nobody counts on any more: never while the partition's reign is unsettled, when a
    /// recovery may yet find
    /// that this copy is the most advanced.
    /// </summary>
    private void DropUnwantedCopy(long now)
    {
        bool isWanted = Placement is not { IsActivated: true } || Placement.Epoch != Promised
            || Placement.Holds(_context.Self)
            || now - Receiver.LastHeard < _context.Options.Timings.Hygiene;
        if (isWanted || (Copy is null && Receiver.Shadow is null))
        {
            _unwantedSince = -1;
        }
        else if (_unwantedSince < 0)
        {
            _unwantedSince = now;
        }
        else if (now - _unwantedSince >= _context.Options.Timings.Hygiene)
        {
            DropCopy();
        }
    }

    private void DropCopy()
    {
        Stir();
        Copy = null;
        Snapshots.Clear();
        Receiver.DropShadow();
    }
}
