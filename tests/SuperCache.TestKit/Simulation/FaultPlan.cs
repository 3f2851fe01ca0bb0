using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>Injects random faults until it is told to stop, then heals everything.</summary>
internal sealed class FaultPlan(Simulation simulation)
{
    private const long Ms = 1_000;
    private const int LeaseMs = Simulation.LeaseMs;
    private bool _isStopped;
    private bool _isLeaving;
    private long _nodeFaultUntil;

    private Random Random => simulation.Random;

    private bool IsHostile => simulation.Profile == FaultProfile.Hostile;

    public void Start()
    {
        if (simulation.Profile == FaultProfile.Calm)
        {
            return;
        }

        simulation.Network.DropRate = Random.Next(3) == 0 ? Random.NextDouble() * 0.05 : 0.002;
        simulation.Network.RepeatRate = Random.NextDouble() * 0.05;
        Next();
    }

    /// <summary>Heals everything that is broken, and breaks nothing any more.</summary>
    public void Stop()
    {
        _isStopped = true;
        SimulatedNetwork network = simulation.Network;
        (network.DropRate, network.RepeatRate, network.LatencyFactor) = (0, 0, 1);
        network.Mute.Clear();
        network.Deaf.Clear();
        network.FarSide.Clear();
        SimulatedStore store = simulation.Store;
        (store.IsDown, store.IndeterminateRate, store.LatencyFactor) = (false, 0, 1);
        store.CutOff.Clear();
        foreach (SimulatedNode node in simulation.Nodes)
        {
            node.Resume();
            if (node.Node is null)
            {
                node.Start();
            }
        }
    }

    private void Next() => simulation.Events.After(Random.Next(IsHostile ? 1_500 : 1_000) * Ms, () =>
    {
        if (!_isStopped)
        {
            Break();
            Next();
        }
    });

    private void Break()
    {
        if (Random.Next(2) == 0)
        {
            BreakNetworkOrStore();
        }
        else if (IsHostile || (simulation.Events.Now > _nodeFaultUntil && IsWhole()))
        {
            _nodeFaultUntil = simulation.Events.Now + (LeaseMs * 5 * Ms);
            BreakNode(simulation.Nodes[Random.Next(simulation.Nodes.Count)]);
        }
    }

    /// <summary>Whether one more failure may be tolerated: all run, and all partitions have all their copies.</summary>
    private bool IsWhole()
    {
        if (simulation.Store.State.Map is not { } map || simulation.Nodes.Any(n => !n.IsRunning)
            || map.View.Members.Length != simulation.Nodes.Count || !simulation.Nodes.All(n => map.View.Contains(n.Id)))
        {
            return false;
        }

        int wanted = Math.Min(simulation.ClusterOptions.Fingerprint.ReplicationFactor, simulation.Nodes.Count);
        return map.Placements.All(p => p.IsActivated && p.Voters.Length == wanted && p.Voters.All(map.View.Contains));
    }

    private void BreakNode(SimulatedNode node)
    {
        switch (Random.Next(8))
        {
            case 0 or 1:
                Crash(node);
                break;
            case 2 or 3:
                Pause(node, isSuspend: false);
                break;
            case 4:
                Pause(node, isSuspend: true);
                break;
            case 5:
                For(50, LeaseMs * 3, () => simulation.Store.CutOff.Add(node.Slot), () => simulation.Store.CutOff.Remove(node.Slot));
                break;
            case 6:
                Leave(node);
                break;
            default:
                Isolate(node, LeaseMs * 3);
                break;
        }
    }

    private void Crash(SimulatedNode node)
    {
        if (node.Node is not null)
        {
            node.Crash();
            RestartLater(node, 100, 6_000);
        }
    }

    /// <summary>One node at a time: when all leave, nobody is left to take what they hold.</summary>
    private void Leave(SimulatedNode node)
    {
        if (!_isLeaving && node.Node is not null)
        {
            _isLeaving = true;
            simulation.Trace(node.Slot, "leave");
            node.Node.Leave();
            RestartLater(node, 500, 8_000);
        }
    }

    private void RestartLater(SimulatedNode node, int from, int to)
    {
        simulation.Events.After(Random.Next(from, to) * Ms, () =>
        {
            if (node.Node is null)
            {
                _isLeaving = false;
                node.Start();
            }
            else
            {
                RestartLater(node, 500, 2_000);
            }
        });
    }

    private void Pause(SimulatedNode node, bool isSuspend)
    {
        if (node.IsRunning)
        {
            NodeId id = node.Id;
            node.Pause(isSuspend);
            int length = Random.Next(3) == 0 ? Random.Next(LeaseMs * 3) : Random.Next(500);
            simulation.Events.After(length * Ms, () =>
            {
                if (node.Id == id)
                {
                    node.Resume();
                }
            });
        }
    }

    private void Isolate(SimulatedNode node, int longest)
    {
        SimulatedNetwork network = simulation.Network;
        int how = Random.Next(3);
        For(
            5,
            longest,
            () =>
            {
                simulation.Trace(node.Slot, $"isolated {how}");
                _ = how != 0 && network.Mute.Add(node.Slot);
                _ = how != 1 && network.Deaf.Add(node.Slot);
            },
            () =>
            {
                network.Mute.Remove(node.Slot);
                network.Deaf.Remove(node.Slot);
            });
    }

    private void BreakNetworkOrStore()
    {
        SimulatedStore store = simulation.Store;
        SimulatedNetwork network = simulation.Network;
        switch (Random.Next(IsHostile ? 10 : 6))
        {
            case 0:
                Isolate(simulation.Nodes[Random.Next(simulation.Nodes.Count)], 300);
                break;
            case 1:
                For(100, 3_000, Split, network.FarSide.Clear);
                break;
            case 2:
                int spike = Random.Next(20, 200);
                For(50, 800, () => network.LatencyFactor = spike, () => network.LatencyFactor = 1);
                break;
            case 3:
                For(200, LeaseMs * 3, () => store.IsDown = true, () => store.IsDown = false);
                break;
            case 4:
                For(500, 4_000, () => store.IndeterminateRate = 0.3, () => store.IndeterminateRate = 0);
                break;
            case 5:
                For(100, 2_000, () => store.LatencyFactor = 1_000, () => store.LatencyFactor = 1);
                break;
            case 6 or 7:
                simulation.Trace(-1, "store goes back");
                store.Regress(Random.Next(1, 40));
                break;
            case 8:
                simulation.Trace(-1, "store is wiped");
                store.Wipe();
                break;
            default:
                For(100, 2_000, () => network.DropRate += 0.2, () => network.DropRate = 0.002);
                break;
        }
    }

    private void Split()
    {
        foreach (SimulatedNode node in simulation.Nodes)
        {
            if (Random.Next(2) == 0)
            {
                simulation.Network.FarSide.Add(node.Slot);
            }
        }

        simulation.Trace(-1, "split off " + string.Join(",", simulation.Network.FarSide));
    }

    private void For(int leastMs, int mostMs, Action begin, Action end)
    {
        begin();
        simulation.Events.After(Random.Next(leastMs, mostMs) * Ms, end);
    }
}
