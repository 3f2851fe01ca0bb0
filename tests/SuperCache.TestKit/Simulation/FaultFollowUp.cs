using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>Breaks or heals something at the very moment at which the store decides: chance alone seldom finds
/// it.</summary>
internal sealed class FaultFollowUp
{
    private const long Ms = 1_000;
    private readonly SimulatedCluster _cluster;
    private readonly FaultTheme _theme;

    public FaultFollowUp(SimulatedCluster cluster, FaultTheme theme)
    {
        (_cluster, _theme) = (cluster, theme);
        cluster.Store.Executed = OnExecuted;
    }

    public void Stop() => _cluster.Store.Executed = null;

    private void OnExecuted(SimulatedNode caller, StoreRequest request, StoreReply reply)
    {
        if (reply.Status != StoreStatus.Ok || _theme == FaultTheme.Anything)
        {
            return;
        }

        if (request is CasRequest { Change: PlacementChange.Transfer } && _theme == FaultTheme.Handovers)
        {
            LeaveInTheDark(caller);
        }
        else if (request is DeadRequest dead
            && _cluster.Nodes.Find(n => n.Id == dead.Suspect && n.Node is not null) is { } declared)
        {
            OnDeclaredDead(declared);
        }
    }

    /// <summary>The outcome of a handover does not reach the old primary, nor does anything else.</summary>
    private void LeaveInTheDark(SimulatedNode node)
    {
        if (_cluster.Random.Next(2) == 0)
        {
            _cluster.Store.CutOff.Add(node.Slot);
            _cluster.Network.FarSide.Add(node.Slot);
            Later(300, SimulatedCluster.LeaseMs * 2, () =>
            {
                _cluster.Store.CutOff.Remove(node.Slot);
                _cluster.Network.FarSide.Remove(node.Slot);
            });
        }
    }

    private void OnDeclaredDead(SimulatedNode node)
    {
        if (_theme == FaultTheme.Usurpers)
        {
            Later(0, 60, () => _cluster.Network.FarSide.Remove(node.Slot));
        }
        else if (_theme == FaultTheme.SleepyHeirs)
        {
            PutHeirToSleep(node);
        }
        else if (_theme == FaultTheme.Ghosts && _cluster.Random.Next(2) == 0)
        {
            Later(20, 400, () =>
            {
                _cluster.Trace(-1, "store goes back");
                _cluster.Store.Regress(_cluster.Random.Next(2, 14));
                node.Resume();
            });
        }
    }

    private void PutHeirToSleep(SimulatedNode old)
    {
        NodeId primary = _cluster.Store.State.Map!.Placements[0].Primary;
        if (_cluster.Nodes.Find(n => n.Id == primary && n.IsRunning) is not { } heir)
        {
            return;
        }

        SimulatedNode[] others = [.. _cluster.Nodes.Where(n => n != old && n != heir)];
        Array.ForEach(others, n => _cluster.Store.CutOff.Add(n.Slot));
        Later(0, 60, () =>
        {
            if (heir.IsRunning)
            {
                heir.Pause(isSuspend: false);
            }

            _cluster.Network.FarSide.Remove(old.Slot);
            Later(100, 600, () =>
            {
                heir.Resume();
                Array.ForEach(others, n => _cluster.Store.CutOff.Remove(n.Slot));
            });
        });
    }

    private void Later(int leastMs, int mostMs, Action action) =>
        _cluster.Events.After(_cluster.Random.Next(leastMs, mostMs) * Ms, action);
}
