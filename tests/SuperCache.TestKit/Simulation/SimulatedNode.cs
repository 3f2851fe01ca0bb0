using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.TestKit.Simulation;

/// <summary>One slot of the cluster: a process that runs, pauses, crashes and is started again with a new id and empty memory.</summary>
internal sealed class SimulatedNode : IBackplane, IMembershipStore, IClusterEvents
{
    private const int TickPeriod = 20_000;
    private const int FramesKeptInPause = 2_000;
    private readonly Simulation _simulation;
    private readonly Queue<(NodeId Target, Action<ClusterNode> Input)> _held = new();
    private DriftingTime _time;
    private long _pausedSince = -1;
    private bool _isSuspended;
    private int _life;

    public SimulatedNode(Simulation simulation, int slot)
    {
        _simulation = simulation;
        Slot = slot;
        _time = NewTime();
    }

    public int Slot { get; }

    public NodeId Id { get; private set; }

    /// <summary>The running process; null while there is none.</summary>
    public ClusterNode? Node { get; private set; }

    public bool IsPaused => _pausedSince >= 0;

    /// <summary>Whether the process runs, and is neither paused nor suspended.</summary>
    public bool IsRunning => Node is not null && !IsPaused;

    public bool IsSuspended => IsPaused && _isSuspended;

    public void Start()
    {
        _life++;
        _held.Clear();
        _pausedSince = -1;
        _time = NewTime();
        Id = NodeId.Draw(_simulation.Random);
        Node = new ClusterNode(
            Id,
            _simulation.ClusterOptions,
            new ClusterPorts(_time, this, this, new SimulatedStates(), this),
            new Random(_simulation.Random.Next()));
        _simulation.Trace(Slot, $"start {Id}");
        int life = _life;
        _simulation.Events.After(_simulation.Random.Next(TickPeriod), () => Tick(life));
    }

    public void Crash()
    {
        _simulation.Trace(Slot, "crash");
        _life++;
        _simulation.Checkers.OnProcessEnded(this);
        _simulation.Clients.OnProcessEnded(this);
        Node = null;
    }

    public void Pause(bool isSuspend)
    {
        _simulation.Trace(Slot, isSuspend ? "suspend" : "pause");
        (_pausedSince, _isSuspended) = (_simulation.Events.Now, isSuspend);
    }

    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        _simulation.Trace(Slot, "resume");
        if (_isSuspended)
        {
            _time.OnSuspended(_simulation.Events.Now - _pausedSince);
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
            _simulation.Checkers.AfterStep(this);
        }
        else if (!isFrame || _held.Count < FramesKeptInPause)
        {
            _held.Enqueue((target, input));
        }
    }

    void IBackplane.Send(NodeId destination, ReadOnlySpan<byte> frame)
    {
        foreach (SimulatedNode node in _simulation.Nodes)
        {
            if (node.Id == destination)
            {
                _simulation.Network.Carry(this, node, frame);
            }
        }
    }

    void IBackplane.Broadcast(ReadOnlySpan<byte> frame)
    {
        foreach (SimulatedNode node in _simulation.Nodes)
        {
            if (node.Node is not null && node != this)
            {
                _simulation.Network.Carry(this, node, frame);
            }
        }
    }

    void IMembershipStore.Begin(long callId, StoreRequest request) => _simulation.Store.Begin(this, callId, request);

    void IClusterEvents.OnUnsafeRecovery(PartitionId partition, Epoch epoch, Stamp adopted)
    {
        _simulation.Trace(Slot, $"unsafe recovery {partition} {epoch} {adopted}");
        _simulation.Checkers.OnUnsafeRecovery(this, partition, epoch);
    }

    void IClusterEvents.OnReignStarted(PartitionId partition, Epoch epoch, Stamp adopted) =>
        _simulation.Trace(Slot, $"reign {partition} {epoch} adopts {adopted}");

    void IClusterEvents.OnLineageLost()
    {
        _simulation.Trace(Slot, "lineage lost");
        _simulation.Checkers.OnLineageLost(this);
    }

    void IClusterEvents.OnFrameDropped(Wire.FrameVerdict verdict)
    {
        if (verdict == Wire.FrameVerdict.Malformed)
        {
            _simulation.Report("a frame of a well-behaved node was malformed");
        }
    }

    private DriftingTime NewTime() => new(
        _simulation.Events, 0.99 + (_simulation.Random.NextDouble() * 0.02), _simulation.Random.NextInt64(1L << 40));

    private void Tick(int life)
    {
        if (life != _life || Node is null)
        {
            return;
        }

        if (!IsPaused)
        {
            Node.Tick();
            _simulation.Checkers.AfterStep(this);
            if (Node.Membership.Phase is MembershipPhase.Gone)
            {
                Crash();
                return;
            }
        }

        _simulation.Events.After(TickPeriod, () => Tick(life));
    }
}
