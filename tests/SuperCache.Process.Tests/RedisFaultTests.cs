using System.Diagnostics;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Process.Tests;

/// <summary>Redis that ends and comes back, and connections to it that break, under load.</summary>
public class RedisFaultTests
{
    /// <summary>What docs/operations.md lets a node keep for each partition it leads, while nobody confirms.</summary>
    private const long LogBytes = 64 << 20;

    /// <summary>What may wait to be published.</summary>
    private const long PendingBytes = 64 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestartedRedis_LosesNothing_WithAndWithoutWhatItHadWritten(bool isPersistent)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(
            ReplicationMode.Strong, isPersistent: isPersistent);
        await using ClientLoad load = ClientLoad.Start(cluster);
        await load.ProgressAsync(100);

        await cluster.Redis.KillAsync();
        await cluster.UntilAsync("the leases have ended", async () =>
        {
            NodeHealth[] health = await Task.WhenAll(cluster.Up().Select(n => n.HealthAsync()));
            return health.All(h => !h.CanServe);
        });
        await cluster.Redis.StartAgainAsync();
        await load.ProgressAsync(100);

        await load.FinishAsync(checkReads: true);
    }

    [Fact]
    public async Task LostRedis_LeavesLocalReadsFast_AndFailsTheRestAtOnce()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Sync, nodes: 2);
        NodeProcess node = cluster.Nodes[0];
        await node.PutAsync("k", 1);
        await cluster.UntilCopiesAreEqualAsync();

        await cluster.Redis.KillAsync();
        await cluster.UntilAsync("the leases have ended", async () => !(await node.HealthAsync()).CanServe);

        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, await node.GetAsync("k", ReadMode.Local));
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        clock.Restart();
        NodeException error = await Assert.ThrowsAsync<NodeException>(() => node.PutAsync("k", 2));
        Assert.Equal(nameof(BackplaneUnavailableException), error.Kind);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

        await cluster.Redis.StartAgainAsync();
        await cluster.UntilQuietAsync();
        Assert.Equal(1, await node.GetAsync("k"));
    }

    [Fact]
    public async Task LostRedis_LeavesMemoryBounded_HoweverMuchIsWritten()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Async, nodes: 2);
        (NodeProcess node, _) = await cluster.WhoLeadsAsync();
        await cluster.Redis.KillAsync();

        // Until the lease ends, a primary takes what its window takes; then nothing.
        long taken = await node.FloodAsync(refusals: 1_000);
        await cluster.UntilAsync("the leases have ended", async () => !(await node.HealthAsync()).CanServe);
        taken += await node.FloodAsync(refusals: 1_000);
        long heap = await node.HeapAsync();
        long takenLater = await node.FloodAsync(refusals: 200_000);
        long heapLater = await node.HeapAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{taken} puts taken, heap {heap:N0} B, then {heapLater:N0} B");
        Assert.NotEqual(0, taken);
        Assert.Equal(0, takenLater);
        Assert.InRange(heap, 0, (TestCluster.Partitions * LogBytes) + PendingBytes);
        Assert.InRange(heapLater, 0, heap + (4 << 20));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("break")]
    [InlineData("deaf")]
    [InlineData("mute")]
    [InlineData("both")]
    [InlineData("slow")]
    public async Task BrokenConnectionOfOneNode_LosesNothing(string how)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Strong);
        await using ClientLoad load = ClientLoad.Start(cluster);
        await load.ProgressAsync(100);
        (NodeProcess broken, NodeProcess other) = await cluster.WhoLeadsAsync();

        bool isDeclaredDead = Damage(cluster.ProxyOf(broken), how);
        if (isDeclaredDead)
        {
            await cluster.UntilAsync("it is declared dead", async () => (await other.HealthAsync()).Nodes == 2);
        }

        await load.ProgressAsync(50);
        cluster.ProxyOf(broken).Heal();
        await cluster.UntilAsync("all are there", async () => (await other.HealthAsync()).Nodes == 3);
        await load.ProgressAsync(100);

        await load.FinishAsync(checkReads: true);
    }

    /// <summary>Damages a connection; says whether the node can still renew its lease.</summary>
    private static bool Damage(RedisProxy proxy, string how)
    {
        switch (how)
        {
            case "cut":
                proxy.Cut();
                return true;
            case "break":
                proxy.Break();
                return false;
            case "deaf":
                proxy.HoldFromRedis();
                return true;
            case "mute":
                proxy.HoldToRedis();
                return true;
            case "both":
                proxy.HoldToRedis();
                proxy.HoldFromRedis();
                return true;
            default:
                proxy.Delay = 50;
                return false;
        }
    }
}
