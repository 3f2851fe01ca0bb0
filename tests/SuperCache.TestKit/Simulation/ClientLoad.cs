using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.TestKit.Simulation;

/// <summary>Clients at every node that ask for random operations in random modes until they are told to stop.</summary>
internal sealed class ClientLoad(SimulatedCluster cluster)
{
    private const int Keys = 12;
    private readonly List<ClientOp> _open = [];
    private long _lastValue;

    public List<ClientOp> History { get; } = [];

    public bool IsStopped { get; set; }

    public int OpenCount => _open.Count;

    /// <summary>Begins one client at a slot.</summary>
    public void AddClient(int slot) => cluster.Events.After(cluster.Random.Next(50_000), () => Next(slot));

    public void OnEnded(ClientOp op)
    {
        _open.Remove(op);
        cluster.Checkers.History.OnEnded(op);
    }

    public void OnProcessEnded(SimulatedNode node)
    {
        foreach (ClientOp op in _open.Where(o => o.Slot == node.Slot).ToList())
        {
            op.End = ClientOpEnd.Lost;
            _open.Remove(op);
        }
    }

    private void Next(int slot)
    {
        if (IsStopped)
        {
            return;
        }

        SimulatedNode node = cluster.Nodes[slot];
        if (node.IsRunning)
        {
            BeginRandom(node);
        }

        int pause = cluster.Random.Next(10) == 0 ? 1_000 : 40_000;
        cluster.Events.After(cluster.Random.Next(pause) + 500, () => Next(slot));
    }

    /// <summary>Begins one operation.</summary>
    /// <param name="node">The caller's node.</param>
    /// <param name="kind">What is asked.</param>
    /// <param name="mode">Which copies answer a read.</param>
    /// <param name="partition">Where.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The key.</param>
    /// <param name="size">The operation's bytes, when it is to be larger than it need be.</param>
    public ClientOp Begin(
        SimulatedNode node, SimulatedOp kind, ReadMode mode, int partition, int table, int key, int size = 0)
    {
        bool isWrite = kind != SimulatedOp.Get;
        byte[] operation = SimulatedState.Encode(kind, table, key, ++_lastValue);
        Array.Resize(ref operation, Math.Max(size, operation.Length));
        var op = new ClientOp
        {
            Load = this,
            Slot = node.Slot,
            Origin = node.Id,
            Partition = partition,
            Operation = operation,
            IsWrite = isWrite,
            Mode = mode,
            Lineage = node.Node!.Membership.Map?.Lineage ?? 0,
        };
        cluster.Checkers.History.OnBegin(op);
        History.Add(op);
        _open.Add(op);
        bool isBroad = kind is SimulatedOp.Clear or SimulatedOp.PutTwo;
        var request = new ClientRequest(
            new PartitionId(partition), isWrite, mode, isBroad ? 0 : (ulong)((table * 1000) + key + 1), op.Operation);
        op.RequestId = node.Node.Begin(request, op);
        cluster.Checkers.AfterStep(node);
        return op;
    }

    private void BeginRandom(SimulatedNode node)
    {
        Random random = cluster.Random;
        SimulatedOp kind = Kind(random);
        int table = random.Next(10) == 0 ? 1 : 0;
        int key = random.Next(Keys);
        int partition = random.Next(cluster.Options.Partitions);
        Begin(node, kind, (ReadMode)random.Next(3), partition, table, key);
    }

    private static SimulatedOp Kind(Random random) => random.Next(100) switch
    {
        < 45 => SimulatedOp.Get,
        < 60 => SimulatedOp.Put,
        < 67 => SimulatedOp.Delete,
        < 74 => SimulatedOp.AddIfAbsent,
        < 86 => SimulatedOp.Enqueue,
        < 94 => SimulatedOp.Dequeue,
        < 99 => SimulatedOp.PutTwo,
        _ => SimulatedOp.Clear,
    };
}
