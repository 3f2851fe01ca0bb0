using System.Collections.Immutable;
using StackExchange.Redis;
using SuperCache.Cluster;

namespace SuperCache.Redis;

/// <summary>A request as a script's arguments, and a script's answer as a reply.</summary>
internal static class MembershipCall
{
    /// <summary>Where the map begins in an answer: version, lineage, view, then the placements.</summary>
    private const int MapAt = 3;

    /// <summary>The arguments of a request's script, in the order its first lines name.</summary>
    public static RedisValue[] Arguments(StoreRequest request)
    {
        RedisValue[] own = request switch
        {
            JoinRequest join =>
            [
                MembershipText.Member(join.Member),
                MembershipText.Config(join.Config),
                join.Known is { } known ? MembershipText.Hex(known.Lineage) : "",
                MembershipText.Number(join.Known?.Version ?? 0),
                MembershipText.Number(join.Beat),
                MembershipText.Hex(join.NewLineage),
                MembershipText.Number(join.Config.PartitionCount),
            ],
            RenewRequest renew =>
            [
                MembershipText.Number(renew.Version), MembershipText.Hex(renew.Lineage), renew.Leaving ? "1" : "0",
            ],
            PollRequest poll => [MembershipText.Number(poll.Version), MembershipText.Hex(poll.Lineage)],
            RestoreRequest restore => RestoreArguments(restore),
            DeadRequest dead => [MembershipText.Hex(dead.Suspect), MembershipText.Number(dead.Counter)],
            CasRequest cas =>
            [
                MembershipText.Number(cas.Partition.Value),
                MembershipText.Number(cas.Expected.Value),
                NameOf(cas.Change),
                cas.Change == PlacementChange.SetVoters ? MembershipText.Nodes(cas.Voters) : "",
                MembershipText.Hex(cas.Primary),
                MembershipText.Hex(cas.Nonce),
            ],
            _ => [],
        };
        return
        [
            MembershipText.Hex(request.Caller),
            MembershipText.Number(request.Seen),
            MembershipText.Number(request.Step),
            .. own,
        ];
    }

    /// <summary>What a script answered.</summary>
    /// <exception cref="FormatException">It is no answer of ours: something else writes to our keys.</exception>
    public static StoreReply Read(StoreRequest request, RedisResult result)
    {
        string[]? answer = (string[]?)result;
        if (answer is not { Length: >= MapAt })
        {
            throw new FormatException("The membership script answered with something else than its reply.");
        }

        var status = (StoreStatus)MembershipText.ReadNumber(answer[0]);
        int wire = (int)MembershipText.ReadNumber(answer[1]);
        if (status == StoreStatus.Refused)
        {
            string? refusal = request switch
            {
                JoinRequest join => Refusal(join.Config, join.Member, answer[2], wire),
                RestoreRequest restore => Refusal(restore.Config, restore.Member, answer[2], wire),
                _ => null,
            };
            return new StoreReply(status) { Message = refusal };
        }

        return new StoreReply(status)
        {
            Map = answer.Length > MapAt ? ReadMap(answer) : null,
            Counters = request is PollRequest && status == StoreStatus.Ok
                ? MembershipText.ReadCounters(answer[2])
                : null,
            Wire = wire,
            Bootstrapped = request is JoinRequest && answer[2].Length > 0,
        };
    }

    private static RedisValue[] RestoreArguments(RestoreRequest restore) =>
    [
        MembershipText.Member(restore.Member),
        MembershipText.Config(restore.Config),
        MembershipText.Number(restore.Wire),
        MembershipText.Number(restore.Map.Version),
        MembershipText.Hex(restore.Map.Lineage),
        MembershipText.View(restore.Map.View),
        .. restore.Map.Placements.Select(p => (RedisValue)MembershipText.Placement(p)),
    ];

    private static string NameOf(PlacementChange change) => change switch
    {
        PlacementChange.Activate => "activate",
        PlacementChange.SetVoters => "voters",
        PlacementChange.Transfer => "transfer",
        _ => "fence",
    };

    private static string? Refusal(ClusterFingerprint mine, ClusterMember member, string cluster, int wire) =>
        mine.DifferenceFrom(MembershipText.ReadConfig(cluster))
        ?? new WireRange(member.WireMin, member.WireMax).Refusal(wire);

    private static PartitionMap ReadMap(string[] answer)
    {
        ImmutableArray<PartitionPlacement>.Builder placements =
            ImmutableArray.CreateBuilder<PartitionPlacement>(answer.Length - MapAt - 3);
        for (int i = MapAt + 3; i < answer.Length; i++)
        {
            placements.Add(MembershipText.ReadPlacement(answer[i]));
        }

        return new PartitionMap(
            MembershipText.ReadNumber(answer[MapAt]),
            MembershipText.ReadHex(answer[MapAt + 1]),
            MembershipText.ReadView(answer[MapAt + 2]),
            placements.MoveToImmutable());
    }
}
