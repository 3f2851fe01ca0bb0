using StackExchange.Redis;
using SuperCache.Redis;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>The Lua scripts equal the reference: the same requests, the same replies, the same content.</summary>
public class MembershipConformanceTests
{
    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("SUPERCACHE_SCRIPT_ROUNDS"), out int rounds) ? rounds : 20;

    [Fact]
    public async Task Scripts_EqualTheReference_OnRedis()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await CompareAsync(redis.EndPoint, Rounds);
    }

    [Fact]
    public async Task Scripts_EqualTheReference_OnGarnet()
    {
        using var garnet = GarnetHost.Start();
        await CompareAsync(garnet.EndPoint, Rounds / 4);
    }

    private static async Task CompareAsync(string endPoint, int rounds)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(endPoint);
        IDatabase database = connection.GetDatabase();
        for (int seed = 1; seed <= rounds; seed++)
        {
            RedisKey key = new RedisKeys("sc", "conformance" + seed).Map;
            await CompareAsync(database, key, seed, steps: 200);
        }
    }

    private static async Task CompareAsync(IDatabase database, RedisKey key, int seed, int steps)
    {
        var random = new Random(seed);
        var requests = new RandomRequests(random, partitions: 1 + random.Next(7));
        MembershipState state = MembershipState.Empty;
        var earlier = new List<MembershipState> { state };
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(40) == 0)
            {
                // The store forgets, or goes back.
                state = random.Next(3) == 0 ? MembershipState.Empty : earlier[random.Next(earlier.Count)];
                await StoredMembership.WriteAsync(database, key, state);
            }

            StoreRequest request = requests.Next(state);
            DateTimeOffset before = TimeProvider.System.GetUtcNow();
            RedisResult result = await database.ScriptEvaluateAsync(
                MembershipScript.For(request), [key], MembershipCall.Arguments(request));
            DateTimeOffset after = TimeProvider.System.GetUtcNow();
            string reply = StoredMembership.Text(MembershipCall.Read(request, result));
            string content = StoredMembership.Text(await StoredMembership.ReadAsync(database, key));

            // A generation lasts eight seconds; the script may have read the clock on either side of its end.
            (MembershipState State, StoreReply Reply) wanted = MembershipScripts.Run(state, request, before);
            if (StoredMembership.Text(wanted.Reply) != reply)
            {
                wanted = MembershipScripts.Run(state, request, after);
            }

            string where = $"seed {seed}, step {step}: {request}\nbefore: {StoredMembership.Text(state)}\n";
            Assert.True(
                StoredMembership.Text(wanted.Reply) == reply,
                $"{where}wanted {StoredMembership.Text(wanted.Reply)}\nfound {reply}");
            Assert.True(
                StoredMembership.Text(wanted.State) == content,
                $"{where}wanted {StoredMembership.Text(wanted.State)}\nfound {content}");
            state = wanted.State;
            earlier.Add(state);
        }
    }
}
