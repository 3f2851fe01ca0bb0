using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Replication.Forwarder;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// Nodes of a cluster with one partition, joined by their bounded receive queues and nothing else: no faults, no
/// latency but a step, memory for storage. For tests of size rather than of faults.
/// </summary>
internal sealed class LoopCluster : IRequestCompletion
{
    private const int StepMs = 10;
    private readonly EventQueue _events = new();
    private readonly InMemoryMembershipStore _store;
    private readonly List<Host> _hosts = [];
    private readonly List<Effect> _first = [];
    private ulong _lastId;

    public LoopCluster()
    {
        _store = new InMemoryMembershipStore(new DriftingTime(_events, 1, 0));
        Options = new ClusterOptions { Fingerprint = new ClusterFingerprint(1, 2, ReplicationMode.Sync) };
    }

    public ClusterOptions Options { get; }

    /// <summary>The partition's activated copies.</summary>
    public int Voters => _store.State.Map?.Placements[0] is { IsActivated: true } p ? p.Voters.Length : 0;

    /// <summary>Bytes in all receive queues.</summary>
    public long BytesUnderWay => _hosts.Sum(h => h.Queue.Bytes);

    /// <summary>The most bytes that ever waited in one of them.</summary>
    public long MostQueued { get; private set; }

    public int LargestFrame { get; private set; }

    /// <summary>Writes acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>What the first node's copy holds from the beginning.</summary>
    public void Fill(int records)
    {
        for (int key = 0; key < records; key++)
        {
            _first.Add(new Effect(EffectKind.Put, 0, BitConverter.GetBytes(key), Value(key)));
        }
    }

    /// <summary>Starts the first node, which makes the cluster and holds what it was filled with.</summary>
    public ClusterNode StartFirst()
    {
        ClusterNode node = Start();
        for (int i = 0; i < 50; i++)
        {
            Step();
        }

        foreach (Effect effect in _first)
        {
            node.Replicas[0].Copy!.State.Apply(effect);
        }

        return node;
    }

    /// <summary>Starts a node.</summary>
    public ClusterNode Start()
    {
        var host = new Host(this, new NodeId(++_lastId));
        _hosts.Add(host);
        return host.Node;
    }

    public void Write(ClusterNode node, int key) => node.Begin(
        new ClientRequest(
            new PartitionId(0), true, ReadMode.Primary, 0, [.. BitConverter.GetBytes(key), .. Value(key ^ 1)]),
        this);

    void IRequestCompletion.OnCompleted(long requestId, in RequestOutcome outcome) =>
        Acknowledged += outcome.Status == RequestStatus.Ok ? 1 : 0;

    /// <summary>Lets a tick pass: each node takes in what has come for it.</summary>
    public void Step()
    {
        _events.RunUntil(_events.Now + (StepMs * 1_000), () => false);
        foreach (Host host in _hosts)
        {
            host.Step();
        }
    }

    /// <summary>Lets time pass until two copies are at one position.</summary>
    public void RunUntilLevel(ClusterNode left, ClusterNode right)
    {
        for (int i = 0; i < 10_000 && left.Replicas[0].Copy!.Applied != right.Replicas[0].Copy?.Applied; i++)
        {
            Step();
        }
    }

    private static byte[] Value(int key) => BitConverter.GetBytes((long)key * 0x9E3779B97F4A7C);

    private sealed class Host : IBackplane, IMembershipStore, IClusterEvents
    {
        private readonly LoopCluster _cluster;
        private readonly Queue<(long Id, StoreReply Reply)> _replies = new();

        public Host(LoopCluster cluster, NodeId id)
        {
            _cluster = cluster;
            Queue = new ReceiveQueue();
            Node = new ClusterNode(
                id,
                cluster.Options,
                new ClusterPorts(new DriftingTime(cluster._events, 1, 0), this, this, new MemoryStates(), this),
                new Random((int)id.Value));
        }

        public ClusterNode Node { get; }

        public ReceiveQueue Queue { get; }

        public void Step()
        {
            while (_replies.TryDequeue(out (long Id, StoreReply Reply) reply))
            {
                Node.OnStoreReply(reply.Id, reply.Reply);
            }

            for (int count = Queue.Count; count > 0; count--)
            {
                byte[] frame = Queue.Take();
                Node.ReceiveBacklog = Queue.Bytes;
                Node.Receive(frame);
            }

            Node.Tick();
        }

        public void Send(NodeId destination, ReadOnlySpan<byte> frame)
        {
            foreach (Host host in _cluster._hosts)
            {
                if (host.Node.Id == destination)
                {
                    host.Queue.Add(frame);
                    _cluster.MostQueued = Math.Max(_cluster.MostQueued, host.Queue.Bytes);
                    _cluster.LargestFrame = Math.Max(_cluster.LargestFrame, frame.Length);
                }
            }
        }

        public void Broadcast(ReadOnlySpan<byte> frame)
        {
            foreach (Host host in _cluster._hosts.Where(h => h != this))
            {
                host.Queue.Add(frame);
            }
        }

        public void Begin(long callId, StoreRequest request) =>
            _replies.Enqueue((callId, _cluster._store.Execute(request)));

        public void OnUnsafeRecovery(PartitionId partition, Epoch epoch, Stamp adopted) =>
            throw new InvalidOperationException($"Unsafe recovery of {partition} without a fault.");

        public void OnReignStarted(PartitionId partition, Epoch epoch, Stamp adopted)
        {
        }

        public void OnLineageLost()
        {
        }

        public void OnRefused(string reason) => throw new InvalidOperationException(reason);

        public void OnFrameDropped(FrameVerdict verdict) =>
            throw new InvalidOperationException($"A frame was dropped: {verdict}.");
    }
}
