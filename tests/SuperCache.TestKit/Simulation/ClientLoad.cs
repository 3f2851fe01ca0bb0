using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.TestKit.Simulation;

/// <summary>Clients at every node that ask for random operations in random modes until they are told to stop.</summary>
internal sealed class ClientLoad(Simulation simulation)
{
    private const int Keys = 12;
    private readonly List<ClientOp> _open = [];
    private long _lastValue;

    public List<ClientOp> History { get; } = [];

    public bool IsStopped { get; set; }

    public int OpenCount => _open.Count;

    /// <summary>Begins one client at a slot.</summary>
    public void AddClient(int slot) => simulation.Events.After(simulation.Random.Next(50_000), () => Next(slot));

    public void OnEnded(ClientOp op)
    {
        _open.Remove(op);
        simulation.Checkers.History.OnEnded(op);
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

        SimulatedNode node = simulation.Nodes[slot];
        if (node.IsRunning)
        {
            Begin(node);
        }

        int pause = simulation.Random.Next(10) == 0 ? 1_000 : 40_000;
        simulation.Events.After(simulation.Random.Next(pause) + 500, () => Next(slot));
    }

    private void Begin(SimulatedNode node)
    {
        Random random = simulation.Random;
        SimulatedOp kind = Kind(random);
        bool isWrite = kind != SimulatedOp.Get;
        int table = random.Next(10) == 0 ? 1 : 0;
        int key = random.Next(Keys);
        var op = new ClientOp
        {
            Load = this,
            Slot = node.Slot,
            Origin = node.Id,
            Partition = random.Next(simulation.Options.Partitions),
            Operation = SimulatedState.Encode(kind, table, key, ++_lastValue),
            IsWrite = isWrite,
            Mode = (ReadMode)random.Next(3),
            Lineage = node.Node!.Membership.Map?.Lineage ?? 0,
        };
        simulation.Checkers.History.OnBegin(op);
        History.Add(op);
        _open.Add(op);
        bool isBroad = kind is SimulatedOp.Clear or SimulatedOp.PutTwo;
        var request = new ClientRequest(
            new PartitionId(op.Partition), isWrite, op.Mode, isBroad ? 0 : (ulong)((table * 1000) + key + 1), op.Operation);
        long id = node.Node!.Begin(request, op);
        op.RequestId = id;
        simulation.Checkers.AfterStep(node);
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
