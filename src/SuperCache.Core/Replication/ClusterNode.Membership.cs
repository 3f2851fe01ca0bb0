using SuperCache.Cluster;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <content>What the node does with what its membership learns.</content>
internal sealed partial class ClusterNode : IMembershipListener
{
    void IMembershipListener.OnMapChanged(PartitionMap? old, PartitionMap map)
    {
        _context.Outbox.Lineage = map.Lineage;
        for (int i = 0; i < _replicas.Length; i++)
        {
            bool isChanged = old is null || !ReferenceEquals(old.Placements[i], map.Placements[i]);
            if (isChanged || !ReferenceEquals(old!.View, map.View))
            {
                _replicas[i].OnView(map.View);
            }

            if (isChanged)
            {
                _replicas[i].OnPlacement(map.Placements[i]);
            }
        }

        _context.Router.OnMapChanged(old, map);
        if (old is null || !ReferenceEquals(old.View, map.View))
        {
            _context.Outbox.Forget(_context.IsLive);
            _filter.Forget(_context.IsLive);
            Status.Forget(_context.IsLive);
            foreach (PartitionReplica replica in _replicas)
            {
                replica.Copy?.Recent.ForgetOrigins(_context.IsLive);
            }
        }
    }

    void IMembershipListener.OnLineageLost()
    {
        DropEverything();
        _context.Router.OnLineageLost();
        _context.Events.OnLineageLost();
    }

    void IMembershipListener.OnRefused(string reason)
    {
        DropEverything();
        _context.Router.OnLineageLost();
        _context.Router.EndAll();
        _context.Events.OnRefused(reason);
    }

    void IMembershipListener.OnFenced()
    {
        foreach (PartitionReplica replica in _replicas)
        {
            replica.StepDown();
        }
    }

    void IMembershipListener.OnPlacementChangeAnswered(CasRequest request, StoreStatus status) =>
        _replicas[request.Partition.Value].Reign?.OnChangeAnswered(request, status);

    void IMembershipListener.OnAnnounce(long version) => _context.Outbox.Broadcast(new MapChangedMessage(version));

    void IMembershipListener.OnBootstrapped()
    {
        foreach (PartitionReplica replica in _replicas)
        {
            replica.CreateEmptyCopy();
        }
    }
}
