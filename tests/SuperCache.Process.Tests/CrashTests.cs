using System.Diagnostics;
using Xunit;

namespace SuperCache.Process.Tests;

/// <summary>Nodes that end, freeze, come and go, under load.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task KilledNode_LosesNothing_AndIsReplacedWithinALeaseAndASecond(ReplicationMode mode)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(mode);
        await using ClientLoad load = ClientLoad.Start(cluster);
        await load.ProgressAsync(200);
        (NodeProcess primary, _) = await cluster.WhoLeadsAsync();

        await cluster.KillAsync(primary);
        var clock = Stopwatch.StartNew();
        await cluster.UntilAsync("the others lead everything", async () =>
        {
            NodeHealth[] health = await Task.WhenAll(cluster.Up().Select(n => n.HealthAsync()));
            return health.All(h => h is { Nodes: 2, NotServing: 0 })
                && health.Sum(h => h.Led) == TestCluster.Partitions;
        });
        TimeSpan failover = clock.Elapsed;
        await load.ProgressAsync(200);

        await load.FinishAsync(checkReads: mode == ReplicationMode.Strong);
        TestContext.Current.TestOutputHelper?.WriteLine($"failover after {failover.TotalMilliseconds:F0} ms");
        Assert.InRange(failover, TimeSpan.Zero, TestCluster.Lease + TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task FrozenNode_ServesNothingStale_WhenItGoesOn(ReplicationMode mode)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(mode);
        await using ClientLoad load = ClientLoad.Start(cluster);
        await load.ProgressAsync(100);
        (NodeProcess frozen, NodeProcess other) = await cluster.WhoLeadsAsync();

        frozen.Freeze();
        await cluster.UntilAsync("it is declared dead", async () => (await other.HealthAsync()).Nodes == 2);
        frozen.Thaw();
        await cluster.UntilAsync("it is back", async () => (await other.HealthAsync()).Nodes == 3);
        await load.ProgressAsync(200);

        await load.FinishAsync(checkReads: mode == ReplicationMode.Strong);
    }

    [Fact]
    public async Task OrderlyStop_FailsNoRequest_AndNobodyWaits()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Sync);
        (NodeProcess stopping, NodeProcess other) = await cluster.WhoLeadsAsync();
        using var end = new CancellationTokenSource();
        TimeSpan longest = TimeSpan.Zero;
        int done = 0;
        Task client = Task.Run(async () =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                var clock = Stopwatch.StartNew();
                await other.PutAsync("k" + (i % 50), i);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, clock.Elapsed.Ticks));
                done++;
            }
        });
        await cluster.UntilAsync("writes go on", () => Task.FromResult(done > 100));

        // What a busy machine costs is nobody's fault: the longest call while nothing happens is measured first.
        longest = TimeSpan.Zero;
        int calm = done;
        await cluster.UntilAsync("writes go on", () => Task.FromResult(done > calm + 2_000));
        TimeSpan longestInCalm = longest;
        longest = TimeSpan.Zero;
        await cluster.StopAsync(stopping);
        int before = done;
        await cluster.UntilAsync("writes go on", () => Task.FromResult(done > before + 100));
        await end.CancelAsync();
        await client;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"longest call: {longest.TotalMilliseconds:F1} ms, in calm {longestInCalm.TotalMilliseconds:F1} ms");
        Assert.InRange(longest, TimeSpan.Zero, longestInCalm + TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task RollingRestart_LosesNothing()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Strong);
        await using ClientLoad load = ClientLoad.Start(cluster);
        foreach (NodeProcess node in cluster.Up())
        {
            await load.ProgressAsync(50);
            await cluster.StopAsync(node);
            await cluster.AddAsync();
            await cluster.UntilWholeAsync();
        }

        await load.ProgressAsync(50);
        await load.FinishAsync(checkReads: true);
    }

    [Fact]
    public async Task NodesThatJoinAndLeave_LoseNothing()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ReplicationMode.Sync, nodes: 2);
        await using ClientLoad load = ClientLoad.Start(cluster);
        await load.ProgressAsync(50);
        NodeProcess third = await cluster.AddAsync();
        NodeProcess fourth = await cluster.AddAsync();
        await cluster.UntilWholeAsync();
        await load.ProgressAsync(100);
        await Task.WhenAll(cluster.StopAsync(third), cluster.StopAsync(fourth));
        await load.ProgressAsync(50);

        await load.FinishAsync(checkReads: false);
    }
}
