using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>Draws requests to the membership store: mostly such as nodes send, often enough such as they should
/// not.</summary>
/// <param name="random">Decides.</param>
/// <param name="partitions">How many partitions there are.</param>
internal sealed class RandomRequests(Random random, int partitions)
{
    private static readonly NodeId[] Nodes = [.. Enumerable.Range(1, 5).Select(i =>
        new NodeId((ulong)i * 0x1FFF_FFFF_FFFF_FFF7UL))];

    private readonly ClusterFingerprint _config = new(partitions, 2, ReplicationMode.Sync, Codec: "a;b|c,d");

    /// <summary>Maps that were once current, as a node that was away would have them.</summary>
    private readonly List<PartitionMap> _known = [];

    /// <summary>The next request to a store in a state.</summary>
    public StoreRequest Next(MembershipState state)
    {
        if (state.Map is { } current && random.Next(4) == 0)
        {
            _known.Add(current);
        }

        StoreRequest request = random.Next(20) switch
        {
            < 4 => Join(state),
            < 8 => Renew(state),
            < 9 => new PollRequest(Node(), Seen(state), Version(state), Lineage(state)),
            < 11 => Restore(state),
            < 14 => Dead(state),
            < 19 => Cas(state),
            _ => new LeaveRequest(Node(), Seen(state)),
        };
        return request with { Step = random.Next(1, MapVersion.MaxStep + 1) };
    }

    private JoinRequest Join(MembershipState state)
    {
        NodeId node = Node();
        (ulong, long)? known = random.Next(3) switch
        {
            0 => (Lineage(state), Version(state)),
            _ => null,
        };
        return new JoinRequest(
            node,
            known is null ? 0 : Seen(state),
            Row(node),
            Config(),
            known,
            random.NextInt64(1L << 48),
            (ulong)random.NextInt64(1, long.MaxValue));
    }

    private RenewRequest Renew(MembershipState state) =>
        new(Node(), Seen(state), Version(state), Lineage(state), random.Next(5) == 0);

    private RestoreRequest Restore(MembershipState state)
    {
        NodeId node = Node();
        PartitionMap? map = _known.Count > 0 && random.Next(2) == 0
            ? _known[random.Next(_known.Count)]
            : state.Map ?? _known.LastOrDefault();
        map ??= new PartitionMap(
            5, 77, new ClusterView([Row(node)]), [.. Enumerable.Repeat(Placement(node), partitions)]);
        if (random.Next(3) == 0)
        {
            map = map with { Version = map.Version + random.Next(3_000) };
        }

        if (random.Next(3) == 0)
        {
            int promised = random.Next(partitions);
            PartitionPlacement placement = map.Placements[promised];
            map = map with
            {
                Placements = map.Placements.SetItem(
                    promised, placement with { Epoch = new Epoch(placement.Epoch.Value + random.Next(5_000)) }),
            };
        }

        return new RestoreRequest(node, Seen(state), map, Row(node), Config(), random.Next(1, 3));
    }

    private ClusterFingerprint Config() => random.Next(8) == 0 ? _config with { KeyPosition = 3 } : _config;

    private DeadRequest Dead(MembershipState state)
    {
        NodeId caller = Node();
        NodeId suspect = Node();
        while (suspect == caller)
        {
            suspect = Node();
        }

        long counter = state.Counters.TryGetValue(suspect, out long current) ? current : 7;
        return new DeadRequest(caller, Seen(state), suspect, random.Next(4) == 0 ? counter + 1 : counter);
    }

    private CasRequest Cas(MembershipState state)
    {
        var partition = new PartitionId(random.Next(partitions));
        PartitionPlacement? placement = state.Map?[partition];
        NodeId caller = placement is null || random.Next(5) == 0 ? Node() : placement.Primary;
        Epoch expected = placement is null || random.Next(6) == 0 ? new Epoch(3) : placement.Epoch;
        var change = (PlacementChange)random.Next(4);
        NodeId target = placement is { Voters.Length: > 0 } && random.Next(3) > 0
            ? placement.Voters[random.Next(placement.Voters.Length)]
            : Node();
        ImmutableArray<NodeId> voters = [.. Nodes.Where(_ => random.Next(2) == 0)];
        if (!voters.Contains(caller) && random.Next(4) > 0)
        {
            voters = voters.Add(caller);
        }

        return new CasRequest(
            caller, Seen(state), partition, expected, change, voters, target, (ulong)random.NextInt64());
    }

    private ClusterMember Row(NodeId node) => new(
        node, random.Next(2) == 0 ? "" : "a;b|c ü", random.Next(8) == 0 ? 2 : 1, random.Next(1, 4), Leaving: false);

    private static PartitionPlacement Placement(NodeId node) => new(new Epoch(4), node, [node], [node], false, 0);

    private NodeId Node() => Nodes[random.Next(Nodes.Length)];

    private long Seen(MembershipState state) => random.Next(5) switch
    {
        0 => 0,
        1 => (state.Map?.Version ?? 0) + random.Next(-2_000, 2_000),
        _ => state.Map?.Version ?? 0,
    };

    private long Version(MembershipState state) => (state.Map?.Version ?? 0) + (random.Next(6) switch
    {
        0 => 1,
        1 => -1,
        _ => 0,
    });

    private ulong Lineage(MembershipState state) => random.Next(8) == 0 ? 99 : state.Map?.Lineage ?? 99;
}
