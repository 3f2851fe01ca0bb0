using System.Collections.Immutable;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Forwarder;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// One node of a cluster, without any input or output of its own: it is handed frames, ticks, store replies and
/// requests, and answers
/// through the interfaces it was given with frames, store calls and completions.
/// </summary>
/// <remarks>
/// Deterministic: the same inputs with the same clock and seed give the same outputs. One caller at a time; nothing
/// here blocks, waits or
/// starts anything. Each entrance flushes what it caused before it returns. Where to read on:
/// <c>docs/cluster-core.md</c>.
/// </remarks>
internal sealed partial class ClusterNode
{
    private const int StirInterval = 100;

    private readonly NodeContext _context;
    private readonly PartitionReplica[] _replicas;
    private readonly FrameFilter _filter = new();
    private readonly uint _cluster;
    private readonly IPartitionWatcher? _watcher;
    private long _nextStir;

    /// <summary>Creates a node. It does nothing before its first tick.</summary>
    /// <param name="self">A fresh id.</param>
    /// <param name="options">What the node is told.</param>
    /// <param name="ports">The outside.</param>
    /// <param name="random">Seeded by the host.</param>
    public ClusterNode(NodeId self, ClusterOptions options, ClusterPorts ports, Random random)
    {
        var clock = new NodeClock(ports.Time);
        _cluster = Outbox.ClusterHash(options.ClusterName);
        _watcher = ports.Watcher;
        _context = new NodeContext
        {
            Self = self,
            Options = options,
            Clock = clock,
            Random = random,
            Outbox = new Outbox(self, options, ports.Backplane, clock),
            States = ports.States,
            Events = ports.Events,
            Loopback = new Loopback(options.Timings),
        };
        _context.Membership = new Membership(self, options, ports.Store, this, clock, random);
        _replicas = new PartitionReplica[options.Fingerprint.PartitionCount];
        for (int i = 0; i < _replicas.Length; i++)
        {
            _replicas[i] = new PartitionReplica(_context, new PartitionId(i));
        }

        _context.Router = new RequestRouter(_context, _replicas);
        Status = new NodeStatusBook(_context, _replicas);
    }

    /// <summary>How this node and the others stand, for statistics.</summary>
    public NodeStatusBook Status { get; }

    /// <summary>This node's id.</summary>
    public NodeId Id => _context.Self;

    /// <summary>Its membership, to look at.</summary>
    public Membership Membership => _context.Membership;

    /// <summary>Its partitions, to look at.</summary>
    public IReadOnlyList<PartitionReplica> Replicas => _replicas;

    /// <summary>Snapshots under way, to look at.</summary>
    public SnapshotSlots Slots => _context.Slots;

    /// <summary>Requests of this node's callers that have not ended.</summary>
    public int OpenRequests => _context.Router.Count;

    /// <summary>Bytes of frames that the host holds for this node and has not handed over: so much less is it ready to
    /// receive. Set by the host.</summary>
    public long ReceiveBacklog
    {
        get => _context.ReceiveBacklog;
        set => _context.ReceiveBacklog = value;
    }

    /// <summary>Lets time pass; about every 10 milliseconds.</summary>
    public void Tick()
    {
        long now = _context.Now;
        if (_context.Loopback.Tick(now))
        {
            _context.Outbox.Send(Id, new PingMessage(now));
        }

        _context.Membership.HoldRenewals = _context.Loopback.IsHopeless(now);
        _context.Membership.Tick();
        if (_context.Map is not null)
        {
            _context.DivideLogBytes(_replicas);
            foreach (PartitionReplica replica in _replicas)
            {
                replica.Tick(now);
            }
        }

        _context.Router.Tick(now);
        StirAll(now);
        Flush();
    }

    /// <summary>Ends a step: sends what it caused. Every entrance but <see cref="TryWriteHere"/> does so
    /// itself.</summary>
    public void Flush()
    {
        List<PartitionReplica> stirred = _context.Stirred;
        for (int i = 0; i < stirred.Count; i++)
        {
            PartitionReplica replica = stirred[i];
            replica.Settle();
            _watcher?.OnStirred(replica, _context.Router.Local);
        }

        stirred.Clear();
        _context.Outbox.Flush();
    }

    /// <summary>Executes a write of this node's caller at once, where this node leads and the mode waits for nobody.
    /// The ops are sent by the next <see cref="Flush"/>.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="operation">Opaque to the protocol. Not to be changed.</param>
    /// <param name="result">What the caller is answered.</param>
    /// <returns>False when it must be begun as a request; nothing was changed.</returns>
    public bool TryWriteHere(PartitionId partition, byte[] operation, out byte[] result)
    {
        _context.Membership.WatchClocks();
        result = [];
        return _replicas[partition.Value].Reign is { } reign && reign.Writes.TryExecuteHere(operation, out result);
    }

    /// <summary>Takes in a frame. Nothing in it is believed before it is parsed; nothing is thrown.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        _context.Membership.WatchClocks();
        FrameVerdict verdict = TakeFrame(frame);
        if (verdict != FrameVerdict.Ok)
        {
            _context.Events.OnFrameDropped(verdict);
        }

        Flush();
    }

    /// <summary>Takes in the membership store's answer to a call.</summary>
    public void OnStoreReply(long callId, StoreReply reply)
    {
        _context.Membership.WatchClocks();
        _context.Membership.OnReply(callId, reply);
        Flush();
    }

    /// <summary>Begins a caller's request.</summary>
    /// <returns>Its number, which its completion carries.</returns>
    public long Begin(in ClientRequest request, IRequestCompletion completion)
    {
        _context.Membership.WatchClocks();
        long id = _context.Router.Begin(request, completion);
        Flush();
        return id;
    }

    /// <summary>Begins to hand this node's partitions over; it stays a member.</summary>
    public void HandOver() => _context.Membership.HandOver();

    /// <summary>Begins requests that belong together: they leave in as few frames as possible.</summary>
    public void Begin(ReadOnlySpan<ClientRequest> requests, ReadOnlySpan<RequestSource> completions)
    {
        _context.Membership.WatchClocks();
        for (int i = 0; i < requests.Length; i++)
        {
            _context.Router.Begin(requests[i], completions[i]);
        }

        Flush();
    }

    /// <summary>Asks all other nodes how they stand; <see cref="Status"/> keeps what they answer.</summary>
    public void AskStatus(long queryId)
    {
        foreach (ClusterMember member in _context.Map?.View.Members ?? [])
        {
            if (member.Id != Id)
            {
                _context.Outbox.Send(member.Id, new StatusMessage(queryId));
            }
        }

        Flush();
    }

    /// <summary>Lets this node's upkeep write to a partition that it leads: nobody waits for the outcome.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="conflictKey">A hash of the key it touches; 0 when it touches several.</param>
    /// <param name="operation">Opaque to the protocol. Not to be changed.</param>
    public void Maintain(PartitionId partition, ulong conflictKey, byte[] operation) =>
        _replicas[partition.Value].Execute(new PartitionRequest(
            Id, RequestId: 0, Attempt: 0, IsWrite: true, conflictKey, operation));

    /// <summary>Whether the backplane carries, as far as this node can tell: it hears itself, or has missed a few of
    /// its pings only and still has its lease.</summary>
    public bool IsConnected =>
        _context.Loopback.IsHealthy && (_context.HasLease || !_context.Loopback.IsSuspect);

    /// <summary>Whether the map names this node the primary of a partition, serving or not.</summary>
    public bool IsPrimary(PartitionId partition) => _replicas[partition.Value].Placement?.Primary == Id;

    /// <summary>Ends every open request as if its deadline had come: nobody will tick any more.</summary>
    public void EndRequests() => _context.Router.EndAll();

    /// <summary>Where a partition's copies should be, the primary first; to look at.</summary>
    public ImmutableArray<NodeId> TargetOf(PartitionId partition) => _context.Target(partition);

    /// <summary>Begins to leave the cluster; <see cref="MembershipPhase.Gone"/> says when it has.</summary>
    public void Leave() => _context.Membership.Leave();

    /// <summary>How this node and its part of the cluster are, as far as it knows.</summary>
    public ClusterHealth Health() => ClusterHealth.Of(_context, _replicas);

    /// <summary>Whether this node serves as primary of a partition at this moment, also when it is the first thing that
    /// is asked after the machine was suspended.</summary>
    public bool IsServing(PartitionId partition)
    {
        _context.Membership.WatchClocks();
        return _replicas[partition.Value].Reign is { IsServing: true };
    }

    /// <summary>Drops all copies, and what is known of where others are.</summary>
    public void DropEverything()
    {
        foreach (PartitionReplica replica in _replicas)
        {
            replica.DropEverything();
        }
    }

    /// <summary>What changes with time alone is looked at now and then.</summary>
    private void StirAll(long now)
    {
        if (now >= _nextStir)
        {
            _nextStir = now + StirInterval;
            foreach (PartitionReplica replica in _replicas)
            {
                replica.Stir();
            }
        }
    }

    private FrameVerdict TakeFrame(ReadOnlySpan<byte> bytes)
    {
        if (!PeerFrame.TryRead(bytes, out PeerFrame frame, out int count, out MessageReader reader))
        {
            return FrameVerdict.Malformed;
        }

        bool isMine = frame.Destination == Id || frame.Destination == NodeId.None;
        if (frame.Cluster != _cluster || !isMine)
        {
            return FrameVerdict.Foreign;
        }

        if (frame.Source != Id && frame.Lineage != _context.Map?.Lineage)
        {
            _context.Membership.PollSoon();
            return FrameVerdict.Foreign;
        }

        Status.OnHeard(frame.Source, _context.Now);
        if (!_filter.IsNew(frame.Source, frame.Destination == NodeId.None, frame.Number))
        {
            return FrameVerdict.Ok;
        }

        FrameVerdict verdict = FrameVerdict.Ok;
        for (int i = 0; i < count; i++)
        {
            var kind = (MessageKind)reader.U8();
            ReadOnlySpan<byte> body = reader.Slice(reader.U32());
            if (reader.Failed || body.Length > _context.Options.Limits.MessageBytes)
            {
                return FrameVerdict.Malformed;
            }

            if (MessageCodec.Read(kind, body, _context.Now) is { } message)
            {
                Dispatch(frame.Source, message);
            }
            else
            {
                verdict = Enum.IsDefined(kind) ? FrameVerdict.BadMessage : FrameVerdict.UnknownMessage;
            }
        }

        return verdict;
    }

    private void Dispatch(NodeId from, Message message)
    {
        switch (message)
        {
            case PingMessage ping:
                if (from == Id)
                {
                    _context.Loopback.OnPing(ping.Nonce, _context.Now);
                }

                break;
            case MapChangedMessage changed:
                if (changed.Version > (_context.Map?.Version ?? 0))
                {
                    _context.Membership.PollSoon();
                }

                break;
            case StatusMessage asked:
                _context.Outbox.Send(from, Status.Own(asked.QueryId));
                break;
            case StatusReplyMessage told:
                Status.OnReply(from, told);
                break;
            case ResponseMessage response:
                _context.Router.OnResponse(response);
                break;
            case QuorumReadReplyMessage reply:
                _context.Router.Quorums.OnReply(from, reply);
                break;
            case PartitionMessage about when about.Partition.Value < _replicas.Length && from != Id:
                _replicas[about.Partition.Value].OnMessage(from, about);
                break;
            default:
                break;
        }
    }
}
