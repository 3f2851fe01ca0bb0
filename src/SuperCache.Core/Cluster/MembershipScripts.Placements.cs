using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>The scripts that change who reigns: death, compare-and-set, leave.</summary>
internal static partial class MembershipScripts
{
    private static (MembershipState State, StoreReply Reply) Dead(MembershipState state, DeadRequest request)
    {
        if (state.Map is not { } map || map.Version < request.Seen)
        {
            return (state, new StoreReply(StoreStatus.Regressed));
        }

        if (!map.View.Contains(request.Caller))
        {
            return (state, Reply(state, 0, StoreStatus.Fenced));
        }

        if (!state.Counters.TryGetValue(request.Suspect, out long counter) || counter != request.Counter)
        {
            return (state, Reply(state, request.Seen, StoreStatus.Conflict));
        }

        MembershipState next = state with
        {
            Map = GiveOrphansPrimaries(
                map with
                {
                    Version = map.Version + request.Step,
                    View = map.View.Without(
                    request.Suspect)
                }, request.Step),
            Counters = state.Counters.Remove(request.Suspect),
        };
        return (next, Reply(next, request.Seen));
    }

    /// <summary>Begins a new reign for each partition whose primary is not live, each with a version of its
    /// own.</summary>
    private static PartitionMap GiveOrphansPrimaries(PartitionMap map, int step)
    {
        long version = map.Version;
        ImmutableArray<PartitionPlacement>.Builder placements = map.Placements.ToBuilder();
        for (int i = 0; i < placements.Count; i++)
        {
            if (!map.View.Contains(placements[i].Primary))
            {
                version += step;
                placements[i] = Succeed(placements[i], map.View, new PartitionId(i), new Epoch(version));
            }
        }

        return map with { Version = version, Placements = placements.ToImmutable() };
    }

    /// <summary>Names the next primary: a live node whose copy counted twice, else once, else the first by
    /// rendezvous.</summary>
    private static PartitionPlacement Succeed(
        PartitionPlacement old, ClusterView live, PartitionId partition, Epoch epoch)
    {
        IEnumerable<NodeId> candidates = old.ActiveVoters.Where(old.Voters.Contains)
            .Concat(old.ActiveVoters)
            .Concat(old.Voters)
            .Concat(PartitionAssignment.Ranked(partition, live.Members.Select(m => m.Id)));
        NodeId primary = candidates.First(live.Contains);
        ImmutableArray<NodeId> voters = [.. old.Voters.Where(live.Contains)];
        return old with
        {
            Epoch = epoch,
            Primary = primary,
            Voters = voters.Contains(primary) ? voters : voters.Add(primary),
            Nonce = 0,
        };
    }

    private static (MembershipState State, StoreReply Reply) Cas(MembershipState state, CasRequest request)
    {
        if (state.Map is not { } map || map.Version < request.Seen)
        {
            return (state, new StoreReply(StoreStatus.Regressed));
        }

        if (!map.View.Contains(request.Caller))
        {
            return (state, Reply(state, 0, StoreStatus.Fenced));
        }

        PartitionPlacement old = map[request.Partition];
        bool knowsTarget = request.Change != PlacementChange.Transfer
            || (map.View.Contains(request.Primary) && old.Voters.Contains(request.Primary));
        if (old.Epoch != request.Expected || old.Primary != request.Caller || !knowsTarget)
        {
            return (state, Reply(state, request.Seen, StoreStatus.Conflict));
        }

        long version = map.Version + request.Step;
        PartitionPlacement changed = request.Change switch
        {
            PlacementChange.Activate => old with { ActiveVoters = old.Voters, PollAll = false },
            PlacementChange.SetVoters => old with { Voters = request.Voters, Epoch = new Epoch(version) },
            PlacementChange.Transfer => old with { Primary = request.Primary, Epoch = new Epoch(version) },
            _ => old with { Epoch = new Epoch(version) },
        };
        MembershipState next = state with
        {
            Map = map with
            {
                Version = version,
                Placements = map.Placements.SetItem(request.Partition.Value, changed with { Nonce = request.Nonce }),
            },
        };
        return (next, Reply(next, 0));
    }

    private static (MembershipState State, StoreReply Reply) Leave(MembershipState state, LeaveRequest request)
    {
        if (state.Map is not { } map || map.Version < request.Seen)
        {
            return (state, new StoreReply(StoreStatus.Regressed));
        }

        // The last node goes although everything counts on it, but not when it has carried on since it asked.
        bool isLast = map.View.Members.Length <= 1 && map.Version == request.Seen;
        if (!isLast && map.Placements.Any(p => p.Holds(request.Caller)))
        {
            return (state, Reply(state, request.Seen, StoreStatus.Conflict));
        }

        MembershipState next = state with
        {
            Map = map with { Version = map.Version + request.Step, View = map.View.Without(request.Caller) },
            Counters = state.Counters.Remove(request.Caller),
        };
        return (next, Reply(next, 0));
    }
}
