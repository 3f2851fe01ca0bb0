using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>Injects random faults until it is told to stop, then heals everything.</summary>
internal sealed class FaultPlan(SimulatedCluster cluster)
{
    private const long Ms = 1_000;
    private const int LeaseMs = SimulatedCluster.LeaseMs;
    private bool _isStopped;
    private SimulatedNode? _leaver;
    private long _nodeFaultUntil;
    private FaultTheme _theme;
    private FaultFollowUp? _follow;

    private Random Random => cluster.Random;

    private bool IsHostile => cluster.Profile == FaultProfile.Hostile;

    public void Start()
    {
        if (cluster.Profile == FaultProfile.Calm)
        {
            return;
        }

        _theme = cluster.Options.Theme ?? (IsHostile ? DrawTheme() : FaultTheme.Anything);
        cluster.Store.FailsFast = Random.Next(2) == 0;
        _follow = new FaultFollowUp(cluster, _theme);
        bool isSlow = _theme is FaultTheme.Usurpers or FaultTheme.SleepyHeirs || (IsHostile && Random.Next(3) == 0);
        cluster.Network.Slowness = isSlow ? Random.Next(10, 60) : 1;
        cluster.Network.DropRate = Random.Next(3) == 0 ? Random.NextDouble() * 0.05 : 0.002;
        cluster.Network.RepeatRate = Random.NextDouble() * 0.05;
        Next();
    }

    /// <summary>Heals everything that is broken, and breaks nothing any more.</summary>
    public void Stop()
    {
        _isStopped = true;
        _follow?.Stop();
        SimulatedNetwork network = cluster.Network;
        (network.DropRate, network.RepeatRate, network.LatencyFactor, network.Slowness) = (0, 0, 1, 1);
        network.Mute.Clear();
        network.Deaf.Clear();
        network.FarSide.Clear();
        SimulatedStore store = cluster.Store;
        (store.IsDown, store.IndeterminateRate, store.LatencyFactor) = (false, 0, 1);
        store.CutOff.Clear();
        foreach (SimulatedNode node in cluster.Nodes)
        {
            node.Resume();
            if (node.Node is null)
            {
                node.Start();
            }
        }
    }

    /// <summary>The theme that came last takes every eighth seed, so that all others stay the runs that they
    /// were.</summary>
    private FaultTheme DrawTheme()
    {
        var drawn = (FaultTheme)Random.Next((int)FaultTheme.SleepyHeirs);
        return cluster.Options.Seed % 8 == 5 ? FaultTheme.SleepyHeirs : drawn;
    }

    private void Next() => cluster.Events.After(Random.Next(IsHostile ? 1_500 : 1_000) * Ms, () =>
    {
        if (!_isStopped)
        {
            Break();
            Next();
        }
    });

    private void Break()
    {
        if (_theme != FaultTheme.Anything && Random.Next(2) == 0)
        {
            BreakByTheme();
        }
        else if (Random.Next(2) == 0)
        {
            BreakNetworkOrStore();
        }
        else if (IsHostile || (cluster.Events.Now > _nodeFaultUntil && IsWhole()))
        {
            _nodeFaultUntil = cluster.Events.Now + (LeaseMs * 5 * Ms);
            BreakNode(cluster.Nodes[Random.Next(cluster.Nodes.Count)]);
        }
    }

    private void BreakByTheme()
    {
        SimulatedNode node = cluster.Nodes[Random.Next(cluster.Nodes.Count)];
        SimulatedNode primary = cluster.Nodes.Find(n => n.IsRunning && n.Node!.IsServing(new PartitionId(0))) ?? node;
        switch (_theme)
        {
            case FaultTheme.SleepyPrimaries:
                Pause(primary, isSuspend: false, LeaseMs + Random.Next(LeaseMs));
                break;
            case FaultTheme.Usurpers or FaultTheme.SleepyHeirs:
                For(LeaseMs * 2, LeaseMs * 3, () => cluster.Store.CutOff.Add(primary.Slot), () =>
                    cluster.Store.CutOff.Remove(primary.Slot));
                For(LeaseMs * 2, LeaseMs * 3, () => cluster.Network.FarSide.Add(primary.Slot), () =>
                    cluster.Network.FarSide.Remove(primary.Slot));
                break;
            case FaultTheme.Ghosts:
                Pause(primary, isSuspend: false, LeaseMs * 3);
                For(LeaseMs, LeaseMs * 3, () => cluster.Network.FarSide.Add(primary.Slot), () =>
                    cluster.Network.FarSide.Remove(primary.Slot));
                break;
            case FaultTheme.Handovers:
                Leave(node);
                For(500, 2_500, () => cluster.Store.IndeterminateRate = 0.4, () => cluster.Store.IndeterminateRate = 0);
                For(500, 2_500, () => cluster.Network.FarSide.Add(node.Slot), cluster.Network.FarSide.Clear);
                break;
            default:
                For(LeaseMs, LeaseMs * 3, () => cluster.Store.CutOff.Add(node.Slot), () =>
                {
                    cluster.Store.Regress(Random.Next(8, 40));
                    cluster.Trace(-1, "store goes back");
                    cluster.Store.CutOff.Remove(node.Slot);
                });
                For(LeaseMs, LeaseMs * 3, () => cluster.Network.FarSide.Add(node.Slot), cluster.Network.FarSide.Clear);
                break;
        }
    }

    /// <summary>Whether one more failure may be tolerated: all run, and all partitions have all their copies.</summary>
    private bool IsWhole()
    {
        if (cluster.Store.State.Map is not { } map || cluster.Nodes.Any(n => !n.IsRunning)
            || map.View.Members.Length != cluster.Nodes.Count || !cluster.Nodes.All(n => map.View.Contains(n.Id)))
        {
            return false;
        }

        int wanted = Math.Min(cluster.ClusterOptions.Fingerprint.ReplicationFactor, cluster.Nodes.Count);
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
                For(50, LeaseMs * 3, () =>
                    cluster.Store.CutOff.Add(node.Slot), () => cluster.Store.CutOff.Remove(node.Slot));
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
        if (_leaver is null && node.Node is not null)
        {
            _leaver = node;
            cluster.Trace(node.Slot, "leave");
            node.Node.Leave();
            RestartLater(node, 500, 8_000);
        }
    }

    private void RestartLater(SimulatedNode node, int from, int to)
    {
        cluster.Events.After(Random.Next(from, to) * Ms, () =>
        {
            if (node.Node is null)
            {
                _leaver = _leaver == node ? null : _leaver;
                node.Start();
            }
            else
            {
                RestartLater(node, 500, 2_000);
            }
        });
    }

    private void Pause(SimulatedNode node, bool isSuspend, int length = 0)
    {
        if (node.IsRunning)
        {
            NodeId id = node.Id;
            node.Pause(isSuspend);
            length = length > 0 ? length : Random.Next(3) == 0 ? Random.Next(LeaseMs * 3) : Random.Next(500);
            cluster.Events.After(length * Ms, () =>
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
        SimulatedNetwork network = cluster.Network;
        int how = Random.Next(3);
        For(
            5,
            longest,
            () =>
            {
                cluster.Trace(node.Slot, $"isolated {how}");
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
        SimulatedStore store = cluster.Store;
        SimulatedNetwork network = cluster.Network;
        switch (Random.Next(IsHostile ? 10 : 6))
        {
            case 0:
                Isolate(cluster.Nodes[Random.Next(cluster.Nodes.Count)], 300);
                break;
            case 1:
                For(100, 3_000, Split, network.FarSide.Clear);
                break;
            case 2:
                int spike = Random.Next(20, 200) / network.Slowness + 1;
                For(50, 800, () => network.LatencyFactor = spike, () => network.LatencyFactor = 1);
                break;
            case 3:
                For(200, LeaseMs * 3, () => store.IsDown = true, () => store.IsDown = false);
                break;
            case 4 when MayDisturbStore():
                For(500, 4_000, () =>
                    store.IndeterminateRate = IsHostile ? 0.3 : 0.15, () => store.IndeterminateRate = 0);
                break;
            case 5 when MayDisturbStore():
                For(100, 2_000, () => store.LatencyFactor = 1_000, () => store.LatencyFactor = 1);
                break;
            case 4 or 5:
                break;
            case 6 or 7:
                cluster.Trace(-1, "store goes back");
                store.Regress(Random.Next(1, 40));
                break;
            case 8:
                cluster.Trace(-1, "store is wiped");
                store.Wipe();
                break;
            default:
                For(100, 2_000, () => network.DropRate += 0.2, () => network.DropRate = 0.002);
                break;
        }
    }

    /// <summary>A store that answers badly makes nodes look dead, which counts as a failure of a node.</summary>
    private bool MayDisturbStore()
    {
        bool may = IsHostile || (cluster.Events.Now > _nodeFaultUntil && IsWhole());
        if (may)
        {
            _nodeFaultUntil = cluster.Events.Now + (LeaseMs * 5 * Ms);
        }

        return may;
    }

    private void Split()
    {
        foreach (SimulatedNode node in cluster.Nodes)
        {
            if (Random.Next(2) == 0)
            {
                cluster.Network.FarSide.Add(node.Slot);
            }
        }

        cluster.Trace(-1, "split off " + string.Join(",", cluster.Network.FarSide));
    }

    private void For(int leastMs, int mostMs, Action begin, Action end)
    {
        begin();
        cluster.Events.After(Random.Next(leastMs, mostMs) * Ms, end);
    }
}
