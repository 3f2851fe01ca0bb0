using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using SuperCache.Cluster;
using SuperCache.Redis;
using Xunit;

namespace SuperCache.Extensions.Tests.Redis;

public class RedisRegistrationTests
{
    public static TheoryData<Action<SuperCacheRedisOptions>, string> BrokenOptions => new()
    {
        { o => o.Configuration = null, "says 0 times where Redis is" },
        { o => o.ConfigurationOptions = new ConfigurationOptions(), "says 2 times where Redis is" },
        { o => o.Configuration = " ", "SuperCacheRedisOptions.Configuration is empty; it must be host:port" },
        { o => o.Configuration = "a:1,sssl=true,password=secret", "cannot be read: its part 2, counted by" },
        { o => o.Configuration = "a:1,password=sec,secret=1", "its part 3, counted by commas, is no end" },
        { o => o.ClusterName = "a b", "ClusterName is \"a b\"; it must be 1 to 64 letters" },
        { o => o.KeyPrefix = "", "KeyPrefix is \"\"; it must be 1 to 64 letters" },
        { o => o.NodeLabel = new string('x', 65), "NodeLabel is 65 characters long; it must be 64 at most" },
        { o => o.Lease = TimeSpan.FromMilliseconds(999), "Lease is 00:00:00.9990000; it must be between 00:00:01" },
        { o => o.RequestTimeout = TimeSpan.Zero, "RequestTimeout is 00:00:00; it must be between 00:00:00.1000000" },
        { o => o.JoinTimeout = TimeSpan.Zero, "JoinTimeout is 00:00:00; it must be between 00:00:01 and 00:10:00" },
        { o => o.LeaveTimeout = TimeSpan.FromHours(1), "LeaveTimeout is 01:00:00; it must be between 00:00:00 and" },
        { o => o.MaxPendingBytes = 5, "MaxPendingBytes is 5; it must be between 20971520 and 1073741824" },
    };

    [Theory]
    [MemberData(nameof(BrokenOptions))]
    public void BrokenOption_IsNamed_WithValueAndRange(Action<SuperCacheRedisOptions> breakIt, string message)
    {
        var services = new ServiceCollection();
        services.AddSuperCache().WithRedis("localhost").WithRedis(breakIt);
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptions<SuperCacheRedisOptions>>().Value);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Cache \"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithRedis_MakesTheCacheDistributed_AndItsNameTheClusters()
    {
        var services = new ServiceCollection();
        services.AddSuperCache("orders").WithRedis("localhost:6379");
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(CacheMode.Distributed, provider.GetRequiredService<IOptionsMonitor<SuperCacheOptions>>()
            .Get("orders").Mode);
        Assert.Equal("orders", provider.GetRequiredService<IOptionsMonitor<SuperCacheRedisOptions>>()
            .Get("orders").ClusterName);
    }

    [Fact]
    public void WithRedis_BindsEveryOption_WhenGivenConfiguration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Configuration"] = "a:1",
            ["ClusterName"] = "c",
            ["NodeLabel"] = "n",
            ["KeyPrefix"] = "p",
            ["Lease"] = "00:00:02",
            ["RequestTimeout"] = "00:00:03",
            ["JoinTimeout"] = "00:00:04",
            ["LeaveTimeout"] = "00:00:05",
            ["MaxPendingBytes"] = "31457280",
        }).Build();
        var services = new ServiceCollection();
        services.AddSuperCache().WithRedis(configuration);
        using ServiceProvider provider = services.BuildServiceProvider();

        SuperCacheRedisOptions options = provider.GetRequiredService<IOptions<SuperCacheRedisOptions>>().Value;

        Assert.Equal(("a:1", "c", "n", "p"),
            (options.Configuration, options.ClusterName, options.NodeLabel, options.KeyPrefix));
        Assert.Equal([2, 3, 4, 5], new[]
        {
            options.Lease, options.RequestTimeout, options.JoinTimeout, options.LeaveTimeout,
        }.Select(t => (int)t.TotalSeconds));
        Assert.Equal(31_457_280, options.MaxPendingBytes);
        string[] bound = [.. typeof(SuperCacheRedisSettings).GetProperties().Select(p => p.Name)];
        Assert.Equal(
            typeof(SuperCacheRedisOptions).GetProperties().Select(p => p.Name)
                .Except(["ConfigurationOptions", "ConnectionMultiplexerFactory"]).Order(),
            bound.Order());
    }

    [Fact]
    public void Keys_ShareOneHashTag_AndEverythingBeginsWithThePrefix()
    {
        var keys = new RedisKeys("sc", "orders");

        Assert.Equal("{sc:orders}:map", keys.Map.ToString());
        Assert.StartsWith("{sc:orders}:", keys.Probe(new(7)).ToString(), StringComparison.Ordinal);
        Assert.Equal("sc:orders:all", keys.Everybody.ToString());
        Assert.Equal("sc:orders:n:0000000000000007", keys.NodeChannel(new(7)).ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(60)]
    public void Timings_KeepTheProtocolsProportions_ForEveryLease(int seconds)
    {
        ClusterTimings timings = ClusterTimingsFor.Options(
            new SuperCacheRedisOptions { Lease = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(seconds * 1_000, timings.Lease);
        Assert.True(timings.Renew * 3 <= timings.Lease);
        Assert.True(timings.StoreTimeout < timings.Renew);
        Assert.True(timings.PollGap > timings.Poll * 2);
        Assert.True(timings.PingLoss > timings.Ping * 2);
        if (seconds == 6)
        {
            Assert.Equal(new ClusterTimings(), timings);
        }
    }
}
