using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using SuperCache.Health;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>A membership store that was emptied, and in which a node of another configuration was the first to come
/// back: two configurations never live in one map.</summary>
public class OtherConfigurationTests
{
    private static readonly string Difference = "PartitionCount is {0} here and {1} in the cluster";

    [Fact]
    public async Task OldCluster_GoesOn_AndTheOtherNodeIsRefused_WhileTheNewMapIsFresh()
    {
        await using EngineCluster cluster = await StartAsync();
        (SuperCacheEngine old, SuperCacheEngine other) = await EmptyTheStoreAsync(cluster, TimeSpan.Zero);

        await cluster.ReachAsync(other, n => n.Membership.Phase == MembershipPhase.Refused);
        await cluster.ReachAsync(old, n => n.IsServing(new Identity.PartitionId(0)));
        AssertRefused(other, 4, 8);
        Assert.True(await cluster.DriveAsync(ReadAsync(old)));
        Assert.Equal(8, EngineCluster.LookAt(old, n => n.Membership.Map!.Placements.Length));
        Assert.Equal([nameof(Diagnostics.Log.ClusterRefused)], cluster.Faults.Errors);
    }

    [Fact]
    public async Task OldNode_IsRefused_AndHoldsNothing_OnceTheNewMapIsEstablished()
    {
        await using EngineCluster cluster = await StartAsync();
        (SuperCacheEngine old, SuperCacheEngine other) =
            await EmptyTheStoreAsync(cluster, TimeSpan.FromSeconds(12));

        await cluster.ReachAsync(old, n => n.Membership.Phase == MembershipPhase.Refused);
        AssertRefused(old, 8, 4);
        Assert.Equal(0, old.GetStatistics().TotalCount);
        Assert.Empty((await cluster.DriveAsync(old.GetClusterStatisticsAsync().AsTask())).Nodes);
        Assert.Equal([nameof(Diagnostics.Log.ClusterRefused)], cluster.Faults.Errors);
        await cluster.DriveAsync(other.PutAsync((1, 2)).AsTask());
        Assert.True(await cluster.DriveAsync(ReadAsync(other)));
        await cluster.StopAsync(old);
    }

    private static async Task<bool> ReadAsync(SuperCacheEngine engine) =>
        (await engine.GetByKeyAsync(1, ReadMode.Primary)).Count == 1;

    private static async Task<EngineCluster> StartAsync()
    {
        int nodes = 0;
        EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1,
            o => o.PartitionCount = nodes++ == 0 ? 8 : 4,
            new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60)));
        await cluster.DriveAsync(cluster[0].PutAsync((1, 1)).AsTask());
        return cluster;
    }

    private static async Task<(SuperCacheEngine Old, SuperCacheEngine Other)> EmptyTheStoreAsync(
        EngineCluster cluster, TimeSpan away)
    {
        cluster.Links[0].IsCut = true;
        cluster.Hub.Wipe();
        SuperCacheEngine other = await cluster.AddAsync();
        await cluster.RunAsync(away);
        cluster.Links[0].IsCut = false;
        return (cluster[0], other);
    }

    private static void AssertRefused(SuperCacheEngine engine, int here, int there)
    {
        string reason = string.Format(null, Difference, here, there);
        Exception error = Assert.Throws<BackplaneUnavailableException>(() => engine.Put((2, 2)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        var check = new SuperCacheHealthCheck(() => engine);
        HealthCheckResult health = check.CheckHealthAsync(
            new HealthCheckContext
            {
                Registration = new HealthCheckRegistration("cache", check, HealthStatus.Unhealthy, tags: null),
            },
            TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(reason, health.Description, StringComparison.Ordinal);
    }
}
