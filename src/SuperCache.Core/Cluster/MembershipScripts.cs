using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>
/// The scripts of the membership store as pure functions: the reference that every implementation, in Lua or
/// otherwise, must equal.
/// </summary>
/// <remarks>
/// Invariants of the state they keep:
/// <list type="number">
/// <item>The map's version grows with every change of a placement or of the view, and never goes back while the store
/// remembers.</item>
/// <item>A placement's epoch is the version at which its reign began; two reigns never share one.</item>
/// <item>Every member has a counter and every counter a member.</item>
/// <item>The active voters change only by activation, which only the primary of the current reign can ask for.</item>
/// </list>
/// Nothing here compares clocks: the store's clock only seeds generations.
/// </remarks>
internal static partial class MembershipScripts
{
    /// <summary>Renewals after which a new map is no longer fresh: a lease and a renewal period, in renewals, rounded
    /// up.</summary>
    private const int FreshRenewals = 4;

    /// <summary>Runs a request.</summary>
    /// <param name="state">What the store holds.</param>
    /// <param name="request">What to do.</param>
    /// <param name="clock">The store's wall clock.</param>
    /// <returns>What the store holds afterwards, and the reply.</returns>
    public static (MembershipState State, StoreReply Reply) Run(
        MembershipState state, StoreRequest request, DateTimeOffset clock) =>
        request switch
        {
            JoinRequest join => Join(state, join, clock),
            RestoreRequest restore => Restore(state, restore, clock),
            RenewRequest renew => Renew(state, renew),
            PollRequest poll => Poll(state, poll),
            DeadRequest dead => Dead(state, dead),
            CasRequest cas => Cas(state, cas),
            LeaveRequest leave => Leave(state, leave),
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };

    private static (
        MembershipState State, StoreReply Reply) Join(MembershipState state, JoinRequest request, DateTimeOffset clock)
    {
        if (state.Map is not { } map)
        {
            return request.Known is null ? Bootstrap(request, clock) : (state, new StoreReply(StoreStatus.Regressed));
        }

        // First: who knows an older lineage may claim a store whose map was made by nodes configured otherwise.
        if (request.Known is { } known
            && (known.Lineage != map.Lineage || map.Version < Math.Max(known.Version, request.Seen)))
        {
            return (state, new StoreReply(StoreStatus.Regressed));
        }

        if (Refusal(state, request.Config, request.Member) is { } refusal)
        {
            return (state, refusal);
        }

        PartitionMap joined = GiveOrphansPrimaries(
            map with { Version = map.Version + request.Step, View = map.View.With(request.Member) }, request.Step);
        MembershipState next = state with
        {
            Map = joined,
            Counters = state.Counters.SetItem(request.Caller, request.Beat),
            Wire = WireRange.Agreed(state.Wire, joined.View),
        };
        bool hasLeft = request.Caller == state.FreshOwner && !state.IsFresh;
        return (hasLeft ? next with { FreshOwner = NodeId.None, FreshRenewals = 0 } : next, Reply(next, 0));
    }

    private static (MembershipState State, StoreReply Reply) Bootstrap(JoinRequest request, DateTimeOffset clock)
    {
        long version = MapVersion.NextGeneration(clock, request.Seen);
        ImmutableArray<NodeId> alone = [request.Caller];
        var placement = new PartitionPlacement(
            new Epoch(version), request.Caller, alone, alone, PollAll: false, Nonce: 0);
        var map = new PartitionMap(
            version,
            request.NewLineage,
            new ClusterView([request.Member]),
            [.. Enumerable.Repeat(placement, request.Config.PartitionCount)]);
        MembershipState next = new()
        {
            Map = map,
            Config = request.Config,
            Wire = request.Member.WireMax,
            Counters = ImmutableSortedDictionary<NodeId, long>.Empty.Add(request.Caller, request.Beat),
            FreshOwner = request.Caller,
            FreshRenewals = FreshRenewals,
        };
        return (next, Reply(next, 0) with { Bootstrapped = true });
    }

    private static (MembershipState State, StoreReply Reply) Renew(MembershipState state, RenewRequest request)
    {
        if (IsBehind(state, request.Lineage, Math.Max(request.Version, request.Seen)))
        {
            return (state, new StoreReply(StoreStatus.Regressed));
        }

        PartitionMap map = state.Map!;
        if (map.View.Find(request.Caller) is not { } member)
        {
            return (state, Reply(state, request.Version, StoreStatus.Fenced));
        }

        MembershipState next = state with
        {
            Counters = state.Counters.SetItem(request.Caller, state.Counters[request.Caller] + request.Step),
            Wire = WireRange.Agreed(state.Wire, map.View),
        };
        if (request.Caller == state.FreshOwner)
        {
            next = state.FreshRenewals > 1
                ? next with { FreshRenewals = state.FreshRenewals - 1 }
                : next with { FreshOwner = NodeId.None, FreshRenewals = 0 };
        }

        if (member.Leaving != request.Leaving)
        {
            next = next with
            {
                Map = map with
                {
                    Version = map.Version + request.Step,
                    View = map.View.With(member with { Leaving = request.Leaving }),
                },
            };
        }

        return (next, Reply(next, request.Version));
    }

    private static (MembershipState State, StoreReply Reply) Poll(MembershipState state, PollRequest request) =>
        IsBehind(state, request.Lineage, Math.Max(request.Version, request.Seen))
            ? (state, new StoreReply(StoreStatus.Regressed))
            : (state, Reply(state, request.Version) with { Counters = state.Counters });

    private static (MembershipState State, StoreReply Reply) Restore(
        MembershipState state, RestoreRequest request, DateTimeOffset clock)
    {
        PartitionMap mine = request.Map;
        PartitionMap newest = mine;

        // A map of another lineage that is overwritten was made by nodes that may be configured otherwise.
        bool isOwn = state.Map?.Lineage == mine.Lineage;
        if (state.Map is { } map)
        {
            if (isOwn)
            {
                if (map.Version > mine.Version && map.Version >= request.Seen && !map.IsBehind(mine))
                {
                    return (state, Reply(state, 0));
                }

                newest = Merge(map, mine);
            }
            else if (!state.IsFresh && map.View.Members.Length > 0)
            {
                return (state, Refusal(state, request.Config, request.Member) ?? Reply(state, 0));
            }
        }

        long highest = Math.Max(Math.Max(state.Map?.Version ?? 0, mine.Version), request.Seen);
        long version = MapVersion.NextGeneration(clock, highest) + request.Step;
        ClusterView view = newest.View.Contains(request.Caller) ? newest.View : newest.View.With(request.Member);
        MembershipState next = new()
        {
            Map = GiveOrphansPrimaries(newest with
            {
                Version = version,
                View = view,
                Placements = [.. newest.Placements.Select(p => p with { Epoch = new Epoch(version), PollAll = true })],
            }, 1 + (request.Step % MapVersion.MaxStep)),
            Config = isOwn ? state.Config : request.Config,
            Wire = isOwn ? Math.Max(state.Wire, request.Wire) : request.Wire,
            Counters = view.Members.ToImmutableSortedDictionary(
                m => m.Id, m => state.Counters.TryGetValue(m.Id, out long counter) ? counter + 1 : version),
        };
        return (next, Reply(next, 0));
    }

    /// <summary>Why a node may not live in the store's map; null when it may.</summary>
    private static StoreReply? Refusal(MembershipState state, ClusterFingerprint config, ClusterMember member)
    {
        string? refusal = config.DifferenceFrom(state.Config!)
            ?? new WireRange(member.WireMin, member.WireMax).Refusal(state.Wire);
        return refusal is null ? null : new StoreReply(StoreStatus.Refused) { Message = refusal };
    }

    /// <summary>The newer map, with the newer reign of each partition.</summary>
    private static PartitionMap Merge(PartitionMap left, PartitionMap right)
    {
        (PartitionMap newer, PartitionMap older) = left.Version > right.Version ? (left, right) : (right, left);
        return newer with
        {
            Placements = [.. newer.Placements.Select((p, i) =>
                older.Placements[i].IsAfter(p) ? older.Placements[i] : p)],
        };
    }

    /// <summary>Whether the store knows less than somebody who has seen a version of a lineage.</summary>
    private static bool IsBehind(MembershipState state, ulong lineage, long seen) =>
        state.Map is not { } map || map.Lineage != lineage || map.Version < seen;

    private static StoreReply Reply(MembershipState state, long knownVersion, StoreStatus status = StoreStatus.Ok) =>
        new(status)
        {
            Map = state.Map is { } map && map.Version > knownVersion ? map : null,
            Wire = state.Wire,
        };
}
