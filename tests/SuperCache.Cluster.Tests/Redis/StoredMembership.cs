using System.Collections.Immutable;
using StackExchange.Redis;
using SuperCache.Identity;
using SuperCache.Redis;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>What the store's hash holds, read and written behind the scripts' back, and as a text to compare.</summary>
internal static class StoredMembership
{
    public static async Task<MembershipState> ReadAsync(IDatabase database, RedisKey key)
    {
        Dictionary<string, string> fields = (await database.HashGetAllAsync(key))
            .ToDictionary(f => f.Name.ToString(), f => f.Value.ToString());
        if (fields.Count == 0)
        {
            return MembershipState.Empty;
        }

        int count = int.Parse(fields["n"], null);
        NodeId owner = new(MembershipText.ReadHex(fields["owner"]));
        return new MembershipState
        {
            Map = new PartitionMap(
                MembershipText.ReadNumber(fields["ver"]),
                MembershipText.ReadHex(fields["lineage"]),
                MembershipText.ReadView(fields["view"]),
                [.. Enumerable.Range(0, count).Select(i => MembershipText.ReadPlacement(fields["p" + i]))]),
            Config = MembershipText.ReadConfig(fields["cfg"]),
            Wire = (int)MembershipText.ReadNumber(fields["wire"]),
            Counters = fields.Where(f => f.Key.Length == 17 && f.Key[0] == 'b').ToImmutableSortedDictionary(
                f => new NodeId(MembershipText.ReadHex(f.Key.AsSpan(1))), f => MembershipText.ReadNumber(f.Value)),
            FreshOwner = owner,
            FreshRenewals = (int)MembershipText.ReadNumber(fields["fresh"]),
        };
    }

    public static async Task WriteAsync(IDatabase database, RedisKey key, MembershipState state)
    {
        await database.KeyDeleteAsync(key);
        if (state.Map is not { } map)
        {
            return;
        }

        List<HashEntry> fields =
        [
            new("ver", MembershipText.Number(map.Version)),
            new("lineage", MembershipText.Hex(map.Lineage)),
            new("cfg", MembershipText.Config(state.Config!)),
            new("wire", MembershipText.Number(state.Wire)),
            new("n", map.Placements.Length),
            new("view", MembershipText.View(map.View)),
            new("owner", MembershipText.Hex(state.FreshOwner)),
            new("fresh", MembershipText.Number(state.FreshRenewals)),
            .. map.Placements.Select((p, i) => new HashEntry("p" + i, MembershipText.Placement(p))),
            .. state.Counters.Select(c =>
                new HashEntry("b" + MembershipText.Hex(c.Key), MembershipText.Number(c.Value))),
        ];
        await database.HashSetAsync(key, [.. fields]);
    }

    public static string Text(MembershipState state) => string.Join(
        '\n',
        Text(state.Map),
        state.Config?.ToString(),
        $"wire {state.Wire} owner {state.FreshOwner} fresh {state.FreshRenewals}",
        Text(state.Counters));

    public static string Text(StoreReply reply) => string.Join(
        '\n',
        $"{reply.Status} wire {reply.Wire} bootstrapped {reply.Bootstrapped} {reply.Message}",
        Text(reply.Map),
        Text(reply.Counters));

    private static string Text(ImmutableSortedDictionary<NodeId, long>? counters) =>
        counters is null ? "-" : string.Join(' ', counters.Select(c => $"{c.Key}={c.Value}"));

    private static string Text(PartitionMap? map) => map is null
        ? "no map"
        : string.Join(
            '\n',
            map.Placements.Select(MembershipText.Placement)
                .Prepend($"version {map.Version} lineage {map.Lineage} view {MembershipText.View(map.View)}"));
}
