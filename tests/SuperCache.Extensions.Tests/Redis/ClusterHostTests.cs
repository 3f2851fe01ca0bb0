using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Extensions.Tests.Redis;

/// <summary>Nodes as an application registers and hosts them, over a real server.</summary>
public class ClusterHostTests
{
    [Fact]
    public async Task DistributedCaches_OfTwoNodes_AreOne()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        using IHost first = await StartAsync(redis.EndPoint);
        using IHost second = await StartAsync(redis.EndPoint);
        IDistributedCache here = first.Services.GetRequiredService<IDistributedCache>();
        IDistributedCache there = second.Services.GetRequiredService<IDistributedCache>();

        for (int i = 0; i < 20; i++)
        {
            await here.SetAsync("k" + i, [(byte)i], new DistributedCacheEntryOptions());
            Assert.Equal((byte)i, Assert.Single(await here.GetAsync("k" + i) ?? []));
            Assert.Equal((byte)i, Assert.Single(here.Get("k" + i) ?? []));
        }

        await first.StopAsync();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal((byte)i, Assert.Single(await there.GetAsync("k" + i) ?? []));
        }

        await second.StopAsync();
    }

    [Fact]
    public async Task Health_SaysWhatIsMissing()
    {
        Assert.SkipWhen(RedisProcess.Program is null, "Needs a redis-server that can be killed.");
        await using RedisProcess redis = await RedisProcess.StartAsync();
        using IHost host = await StartAsync(redis.EndPoint);

        HealthReportEntry well = await CheckAsync(host);
        Assert.Equal(HealthStatus.Healthy, well.Status);
        Assert.Equal(1, well.Data["nodes"]);
        Assert.Equal(0, well.Data["missingReplicas"]);
        Assert.Equal(true, well.Data["backplaneConnected"]);
        Assert.Equal(["ready"], well.Tags);

        await redis.KillAsync();
        var clock = Stopwatch.StartNew();
        HealthReportEntry ill = await CheckAsync(host);
        while (ill.Status != HealthStatus.Unhealthy && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20);
            ill = await CheckAsync(host);
        }

        Assert.Equal(HealthStatus.Unhealthy, ill.Status);
        Assert.Equal(false, ill.Data["membershipStoreAnswering"]);
    }

    [Fact]
    public async Task Health_TellsACacheThatHasNotStarted_FromOneThatHasStopped()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        using IHost host = Build(redis.EndPoint);

        HealthReportEntry before = await CheckAsync(host);
        await host.StartAsync();
        await host.StopAsync();
        HealthReportEntry after = await CheckAsync(host);

        Assert.Equal(
            (HealthStatus.Unhealthy, "The cache has not started: its node has not joined its cluster yet."),
            (before.Status, before.Description));
        Assert.Equal((HealthStatus.Unhealthy, "The cache has stopped."), (after.Status, after.Description));
    }

    /// <summary>The host stops nothing then; it only disposes its services. Were the node declared dead, that would
    /// take two seconds at the least.</summary>
    [Fact]
    public async Task NodeWhoseHostFailsToStart_LeavesItsCluster()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        using IHost first = Build(redis.EndPoint, o => o.Lease = TimeSpan.FromSeconds(3));
        await first.StartAsync();
        IHost second = Build(
            redis.EndPoint,
            o => o.Lease = TimeSpan.FromSeconds(3),
            services: s => s.AddHostedService<FailsWhenItServes>());
        await Assert.ThrowsAsync<NotSupportedException>(() => second.StartAsync());
        await ((IAsyncDisposable)second).DisposeAsync();

        var engine = (SuperCacheEngine)first.Services.GetRequiredService<ISuperCache>();
        Assert.True(await engine.Seat!.Driver.ReachAsync(
            node => node.Membership.Map!.View.Members.Length == 1, TimeSpan.FromSeconds(2), default));
        await engine.PutBatchAsync(Enumerable.Range(0, 200).Select(i => (i, i)));
        Assert.Equal(200, engine.GetStatistics().TotalCount);
        await first.StopAsync();
    }

    /// <summary>The library cannot be told to stop connecting: what it opens later must be closed then.</summary>
    [Fact]
    public async Task HostStart_ThatIsCancelledWhileConnecting_ConnectsNoMore()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var clients = new List<TcpClient>();
        var sinceLast = Stopwatch.StartNew();
        Task accepting = AcceptAsync();
        using (IHost host = Build(silent.LocalEndpoint.ToString()!))
        {
            using var patience = new CancellationTokenSource();
            Task start = host.StartAsync(patience.Token);
            await UntilAsync(() => clients.Count > 0);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        }

        await UntilAsync(() => Volatile.Read(ref sinceLast).Elapsed > TimeSpan.FromSeconds(3));
        silent.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => accepting);
        clients.ForEach(client => client.Dispose());

        async Task AcceptAsync()
        {
            while (true)
            {
                TcpClient client = await silent.AcceptTcpClientAsync();
                clients.Add(client);
                Volatile.Write(ref sinceLast, Stopwatch.StartNew());
            }
        }
    }

    [Fact]
    public async Task HostStart_FailsInTime_WhenRedisIsNotThere()
    {
        using IHost host = Build($"127.0.0.1:{FreePort.Next()}", o => o.JoinTimeout = TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => host.StartAsync());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task HostStart_NamesBothValues_WhenTheClusterIsConfiguredDifferently()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        using IHost first = await StartAsync(redis.EndPoint);
        using IHost second = Build(redis.EndPoint, null, o => o.PartitionCount = 5);

        ClusterConfigurationException error =
            await Assert.ThrowsAsync<ClusterConfigurationException>(() => second.StartAsync());

        Assert.Contains("PartitionCount is 5 here and 8 in the cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_BeforeTheHostStarted_SayThatTheCacheHasNotStarted()
    {
        using IHost host = Build("127.0.0.1:1");
        ISuperCache cache = host.Services.GetRequiredService<ISuperCache>();

        Assert.True(cache.IsDistributed);
        Assert.Throws<CacheNotStartedException>(() => cache.Put(("k", 1)));
    }

    [Fact]
    public async Task NamedCaches_AreClustersOfTheirOwn()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (string name in (string[])["orders", "customers"])
        {
            builder.Services.AddSuperCache(name, o => o.PartitionCount = 4).WithRedis(redis.EndPoint).WithHealthCheck();
        }

        using IHost host = builder.Build();
        await host.StartAsync();
        ISuperCache orders = host.Services.GetRequiredKeyedService<ISuperCache>("orders");
        await orders.PutAsync(("k", 1));

        Assert.Single(await orders.GetByKeyAsync("k"));
        Assert.Empty(await host.Services.GetRequiredKeyedService<ISuperCache>("customers").GetByKeyAsync("k"));
        await host.StopAsync();
    }

    private static async Task<HealthReportEntry> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["supercache"];

    private static async Task<IHost> StartAsync(string redis)
    {
        IHost host = Build(redis);
        await host.StartAsync();
        return host;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "It did not come to pass.");
            await Task.Delay(20);
        }
    }

    private static IHost Build(
        string redis,
        Action<SuperCacheRedisOptions>? configure = null,
        Action<SuperCacheOptions>? cache = null,
        Action<IServiceCollection>? services = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        services?.Invoke(builder.Services);
        builder.Services.AddSuperCache(o =>
        {
            o.PartitionCount = 8;
            cache?.Invoke(o);
        }).WithRedis(o =>
        {
            o.Configuration = redis;
            o.Lease = TimeSpan.FromSeconds(1.5);
            configure?.Invoke(o);
        }).WithHealthCheck();
        return builder.Build();
    }

    /// <summary>Waits until the cluster counts on its node, and then has the host's start fail.</summary>
    private sealed class FailsWhenItServes(ISuperCache cache) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            bool serves = await ((SuperCacheEngine)cache).Seat!.Driver.ReachAsync(
                node => node.Replicas.Any(replica => node.IsServing(replica.Id)),
                TimeSpan.FromSeconds(30),
                cancellationToken);
            throw serves ? new NotSupportedException() : new TimeoutException();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
