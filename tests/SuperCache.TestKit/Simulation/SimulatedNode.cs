using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.TestKit.Simulation;

/// <summary>One slot of the cluster: a process that runs, pauses, crashes and is started again with a new id and empty
/// memory.</summary>
internal sealed class SimulatedNode : IBackplane, IMembershipStore, IClusterEvents
{
    private const int TickPeriod = 20_000;
    private const int FramesKeptInPause = 2_000;
    private readonly SimulatedCluster _cluster;
    private readonly Queue<(NodeId Target, Action<ClusterNode> Input)> _held = new();
    private DriftingTime _time;
    private long _pausedSince = -1;
    private bool _isSuspended;
    private int _life;

    public SimulatedNode(SimulatedCluster cluster, int slot)
    {
        _cluster = cluster;
        Slot = slot;
        _time = NewTime();
    }

    public int Slot { get; }

    public NodeId Id { get; private set; }

    /// <summary>The running process; null while there is none.</summary>
    public ClusterNode? Node { get; private set; }

    /// <summary>Why a frame was last dropped.</summary>
    public Wire.FrameVerdict LastVerdict { get; set; }

    public bool IsPaused => _pausedSince >= 0;

    /// <summary>
    /// Whether this node holds, or held a moment ago, a lease that the store has forgotten: a renewal that is
    /// acknowledged and then lost, and
    /// that no observer saw in between, leaves its node with a lease that the others do not know of. For the rest of
    /// it an old
    /// primary may answer reads although another has taken over; it can acknowledge nothing.
    /// </summary>
    public bool HasLostLease
    {
        get
        {
            if (Node is null)
            {
                return false;
            }

            long remainingMs = Node.Membership.Lease.Until - (_time.GetTimestamp() / 1_000);
            long grantedAt = _cluster.Events.Now - (((SimulatedCluster.LeaseMs * 95L / 100) - remainingMs) * 1_000);
            return remainingMs > -100 && grantedAt <= _cluster.Store.LastLossAt;
        }
    }

    /// <summary>Whether the process runs, and is neither paused nor suspended.</summary>
    public bool IsRunning => Node is not null && !IsPaused;

    public bool IsSuspended => IsPaused && _isSuspended;

    public void Trace(string what)
    {
        if (_cluster.Options.Trace is not null)
        {
            _cluster.Trace(Slot, what);
        }
    }

    public void Start()
    {
        _life++;
        _held.Clear();
        _pausedSince = -1;
        _time = NewTime();
        Id = NodeId.Draw(_cluster.Random);
        Node = new ClusterNode(
            Id,
            _cluster.ClusterOptions,
            new ClusterPorts(_time, this, this, new SimulatedStates(), this),
            new Random(_cluster.Random.Next()));
        _cluster.Trace(Slot, $"start {Id}");
        int life = _life;
        _cluster.Events.After(_cluster.Random.Next(TickPeriod), () => Tick(life));
    }

    public void Crash()
    {
        _cluster.Trace(Slot, "crash");
        _life++;
        _cluster.Checkers.OnProcessEnded(this);
        _cluster.Clients.OnProcessEnded(this);
        Node = null;
    }

    public void Pause(bool isSuspend)
    {
        _cluster.Trace(Slot, isSuspend ? "suspend" : "pause");
        (_pausedSince, _isSuspended) = (_cluster.Events.Now, isSuspend);
    }

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        _cluster.Trace(Slot, "resume");
        if (_isSuspended)
        {
            _time.OnSuspended(_cluster.Events.Now - _pausedSince);
        }

        _pausedSince = -1;
        while (IsRunning && _held.TryDequeue(out (NodeId Target, Action<ClusterNode> Input) held))
        {
            Enqueue(held.Target, held.Input, isFrame: false);
        }
    }

    /// <summary>Hands an input to the process it was meant for, now or when its pause ends.</summary>
    public void Enqueue(NodeId target, Action<ClusterNode> input, bool isFrame)
    {
        if (Node is null || target != Id)
        {
            return;
        }

        if (!IsPaused)
        {
            input(Node);
            _cluster.Checkers.AfterStep(this);
        }
        else if (!isFrame || _held.Count < FramesKeptInPause)
        {
            _held.Enqueue((target, input));
        }
    }

    void IBackplane.Send(NodeId destination, ReadOnlySpan<byte> frame)
    {
        foreach (SimulatedNode node in _cluster.Nodes)
        {
            if (node.Id == destination)
            {
                _cluster.Network.Carry(this, node, frame);
            }
        }
    }

    void IBackplane.Broadcast(ReadOnlySpan<byte> frame)
    {
        foreach (SimulatedNode node in _cluster.Nodes)
        {
            if (node.Node is not null && node != this)
            {
                _cluster.Network.Carry(this, node, frame);
            }
        }
    }

    void IMembershipStore.Begin(long callId, StoreRequest request) => _cluster.Store.Begin(this, callId, request);

    void IClusterEvents.OnUnsafeRecovery(PartitionId partition, Epoch epoch, Stamp adopted)
    {
        _cluster.Trace(Slot, $"unsafe recovery {partition} {epoch} {adopted}");
        _cluster.Checkers.OnUnsafeRecovery(this, partition, epoch, adopted);
    }

    void IClusterEvents.OnReignStarted(PartitionId partition, Epoch epoch, Stamp adopted)
    {
        _cluster.Trace(Slot, $"reign {partition} {epoch} adopts {adopted}");
        _cluster.Checkers.OnReignStarted(this, partition, epoch, adopted);
    }

    void IClusterEvents.OnLineageLost()
    {
        _cluster.Trace(Slot, "lineage lost");
        _cluster.Checkers.OnLineageLost(this);
    }

    void IClusterEvents.OnRefused(string reason) =>
        throw new InvalidOperationException("All nodes are configured alike: " + reason);

    void IClusterEvents.OnFrameDropped(Wire.FrameVerdict verdict)
    {
        LastVerdict = verdict;
        if (verdict is not (Wire.FrameVerdict.Ok or Wire.FrameVerdict.Foreign))
        {
            _cluster.Report("a frame of a well-behaved node was malformed");
        }
    }

    private DriftingTime NewTime() => new(
        _cluster.Events, 0.99 + (_cluster.Random.NextDouble() * 0.02), _cluster.Random.NextInt64(1L << 40));

    private void Tick(int life)
    {
        if (life != _life || Node is null)
        {
            return;
        }

        if (!IsPaused)
        {
            Node.Tick();
            _cluster.Checkers.AfterStep(this);
            if (Node.Membership.Phase is MembershipPhase.Gone)
            {
                Crash();
                return;
            }
        }

        _cluster.Events.After(TickPeriod, () => Tick(life));
    }
}
