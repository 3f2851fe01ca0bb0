using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SuperCache.DependencyInjection;
using Xunit;

namespace SuperCache.Extensions.Tests.DependencyInjection;

public class RegistrationTests
{
    [Fact]
    public void MemoryCacheOptions_OfTheDefaultCache_AreTheUnnamedOnes()
    {
        var services = new ServiceCollection();
        services.AddSuperCache(options => options.SizeLimit = 10).WithMemoryCache();
        services.Configure<SuperMemoryCacheOptions>(options => options.RequireSize = true);
        using ServiceProvider provider = services.BuildServiceProvider();
        IMemoryCache cache = provider.GetRequiredService<IMemoryCache>();
        Assert.Throws<InvalidOperationException>(() => cache.Set("key", 1));
    }

    [Fact]
    public void AddSuperCache_GivesAUsableCache_WithoutAHost()
    {
        using ServiceProvider provider = new ServiceCollection().AddSuperCache().Services.BuildServiceProvider();
        ISuperCache cache = provider.GetRequiredService<ISuperCache>();

        cache.Put(("a", 1));

        Assert.True(cache.IsStarted);
        Assert.False(cache.IsDistributed);
        Assert.True(cache.TryGet("a", out (string, int) record));
        Assert.Equal(("a", 1), record);
    }

    [Fact]
    public void AddSuperCache_AppliesOptions_WhenGivenAnAction()
    {
        using ServiceProvider provider =
            new ServiceCollection().AddSuperCache(o => o.PartitionCount = 16).Services.BuildServiceProvider();

        Assert.Equal(16, provider.GetRequiredService<ISuperCache>().Partitions.Count);
        Assert.Equal(16, provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value.PartitionCount);
    }

    [Fact]
    public void AddSuperCache_BindsEveryOption_WhenGivenConfiguration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SuperCache:KeyPosition"] = "1",
            ["SuperCache:PartitionPosition"] = "2",
            ["SuperCache:PartitionCount"] = "5",
            ["SuperCache:TableKind"] = "Bag",
            ["SuperCache:ReplicationFactor"] = "3",
            ["SuperCache:ReplicationMode"] = "Strong",
            ["SuperCache:DefaultReadMode"] = "Quorum",
            ["SuperCache:SizeLimit"] = "1000",
            ["SuperCache:LazyPutCapacity"] = "64",
            ["SuperCache:DefaultEntryOptions:SlidingExpiration"] = "00:00:30",
            ["SuperCache:DefaultEntryOptions:Priority"] = "High",
        }).Build();
        using ServiceProvider provider =
            new ServiceCollection().AddSuperCache(
                configuration.GetSection("SuperCache")).Services.BuildServiceProvider();

        SuperCacheOptions options = provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value;

        Assert.Equal((1, 2, 5), (options.KeyPosition, options.PartitionPosition, options.PartitionCount));
        Assert.Equal(TableKind.Bag, options.TableKind);
        Assert.Equal((3, ReplicationMode.Strong), (options.ReplicationFactor, options.ReplicationMode));
        Assert.Equal(ReadMode.Quorum, options.DefaultReadMode);
        Assert.Equal((1000L, 64), (options.SizeLimit, options.LazyPutCapacity));
        Assert.Equal(TimeSpan.FromSeconds(30), options.DefaultEntryOptions!.SlidingExpiration);
        Assert.Equal(CacheEntryPriority.High, options.DefaultEntryOptions.Priority);
    }

    [Fact]
    public void Settings_HoldEveryOption_ThatIsAValue()
    {
        IEnumerable<string> options = typeof(SuperCacheOptions).GetProperties()
            .Where(p => p.CanWrite && p.Name != nameof(SuperCacheOptions.TimeProvider))
            .Select(p => p.Name);

        Assert.Equal(
            options.Order(),
            typeof(SuperCacheSettings).GetProperties().Select(p => p.Name).Order());
    }

    [Fact]
    public void AddSuperCache_LeavesOptionsAlone_ThatConfigurationDoesNotName()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["PartitionCount"] = "5" }).Build();
        var services = new ServiceCollection();
        services.AddSuperCache(o => { o.KeyPosition = 3; o.PartitionCount = 9; });
        services.AddSuperCache(configuration);
        services.AddSuperCache(configuration.GetSection("Missing"));
        using ServiceProvider provider = services.BuildServiceProvider();

        SuperCacheOptions options = provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value;

        Assert.Equal((3, 5, 4_096), (options.KeyPosition, options.PartitionCount, options.LazyPutCapacity));
    }

    [Fact]
    public void AddSuperCache_KeepsNamedCachesApart_AsKeyedServices()
    {
        var services = new ServiceCollection();
        services.AddSuperCache();
        ISuperCacheBuilder orders = services.AddSuperCache("orders", o => o.PartitionCount = 3);
        services.AddSuperCache("carts");
        using ServiceProvider provider = services.BuildServiceProvider();
        ISuperCache standard = provider.GetRequiredService<ISuperCache>();
        ISuperCache ordersCache = provider.GetRequiredKeyedService<ISuperCache>("orders");

        ordersCache.Put((1, "order"));
        provider.GetRequiredKeyedService<IDistributedCache>("orders").Set("k", [1]);

        Assert.Equal("orders", orders.Name);
        Assert.Same(services, orders.Services);
        Assert.Equal(("orders", 3), (ordersCache.Name, ordersCache.Partitions.Count));
        Assert.Equal(SuperCacheEngine.DefaultName, standard.Name);
        Assert.False(standard.TryGet(1, out (int, string) _));
        Assert.False(provider.GetRequiredKeyedService<ISuperCache>("carts").TryGet(1, out (int, string) _));
        Assert.Null(provider.GetRequiredService<IDistributedCache>().Get("k"));
        Assert.Equal([1], provider.GetRequiredKeyedService<IDistributedCache>("orders").Get("k"));
        Assert.Same(
            provider.GetRequiredKeyedService<IDistributedCache>("orders"),
            provider.GetRequiredKeyedService<IBufferDistributedCache>("orders"));
        Assert.NotNull(provider.GetRequiredKeyedService<SuperCacheService>("orders"));
        Assert.Equal(3, provider.GetServices<IHostedService>().OfType<SuperCacheService>().Count());
    }

    [Fact]
    public void AddSuperCache_GivesNoDefaultCache_WhenOnlyNamedOnesAreAdded()
    {
        using ServiceProvider provider =
            new ServiceCollection().AddSuperCache("orders").Services.BuildServiceProvider();

        Assert.Null(provider.GetService<ISuperCache>());
        Assert.Null(provider.GetService<IDistributedCache>());
        Assert.Null(provider.GetKeyedService<ISuperCache>("Orders"));
    }

    [Fact]
    public void AddSuperCache_TakesTheServicesKeyedByDefaultName_ForTheDefaultCache()
    {
        var services = new ServiceCollection();
        services.AddSuperCache(o => o.PartitionCount = 2);
        services.AddSuperCache(SuperCacheEngine.DefaultName, o => o.KeyPosition = 1);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(
            provider.GetRequiredService<ISuperCache>(),
            provider.GetRequiredKeyedService<ISuperCache>(SuperCacheEngine.DefaultName));
        Assert.Equal(1, provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value.KeyPosition);
    }

    [Fact]
    public void AddSuperCache_ConfiguresTheSameCache_WhenCalledTwice()
    {
        var services = new ServiceCollection();
        services.AddSuperCache(o => { o.PartitionCount = 2; o.KeyPosition = 1; });
        services.AddSuperCache(o => o.PartitionCount = 4);
        services.AddSuperCache("orders", o => o.PartitionCount = 6);
        services.AddSuperCache("orders", o => o.KeyPosition = 2);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Single(provider.GetServices<ISuperCache>());
        Assert.Single(provider.GetServices<IDistributedCache>());
        Assert.Equal(2, provider.GetServices<IHostedService>().Count());
        Assert.Equal(4, provider.GetRequiredService<ISuperCache>().Partitions.Count);
        Assert.Equal(1, provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value.KeyPosition);
        SuperCacheOptions orders = provider.GetRequiredService<IOptionsMonitor<SuperCacheOptions>>().Get("orders");
        Assert.Equal((6, 2), (orders.PartitionCount, orders.KeyPosition));
    }

    [Fact]
    public void AddSuperCache_TakesTheClock_FromOptionsElseContainerElseSystem()
    {
        var own = new FakeTimeProvider();
        var shared = new FakeTimeProvider();

        Assert.Same(
            own, ClockOf(new ServiceCollection().AddSingleton<TimeProvider>(shared), o => o.TimeProvider = own));
        Assert.Same(shared, ClockOf(new ServiceCollection().AddSingleton<TimeProvider>(shared), _ => { }));
        Assert.Null(ClockOf(new ServiceCollection(), _ => { }));

        static TimeProvider? ClockOf(IServiceCollection services, Action<SuperCacheOptions> configure)
        {
            using ServiceProvider provider = services.AddSuperCache(configure).Services.BuildServiceProvider();
            return provider.GetRequiredService<IOptions<SuperCacheOptions>>().Value.TimeProvider;
        }
    }

    [Fact]
    public void AddSuperCache_ExpiresByTheContainersClock()
    {
        var clock = new FakeTimeProvider();
        using ServiceProvider provider =
            new ServiceCollection().AddSingleton<TimeProvider>(clock).AddSuperCache().Services.BuildServiceProvider();
        ISuperCache cache = provider.GetRequiredService<ISuperCache>();
        cache.Put(("a", 1), new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(300) });

        clock.Advance(TimeSpan.FromMilliseconds(299));
        Assert.True(cache.TryGet("a", out (string, int) _));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(cache.TryGet("a", out (string, int) _));
    }

    [Fact]
    public void AddSuperCache_RefusesBadArguments_NamingThem()
    {
        var services = new ServiceCollection();

        AssertNames("services", () => ((IServiceCollection)null!).AddSuperCache());
        AssertNames("configure", () => services.AddSuperCache((Action<SuperCacheOptions>)null!));
        AssertNames("configuration", () => services.AddSuperCache((IConfiguration)null!));
        AssertNames("name", () => services.AddSuperCache(" "));
        Assert.Empty(services);

        static void AssertNames(string parameter, Action call) =>
            Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(call).ParamName);
    }

    [Fact]
    public async Task ServiceProvider_DisposesTheCache_WhetherDisposedSynchronouslyOrNot()
    {
        ServiceProvider first = new ServiceCollection().AddSuperCache().Services.BuildServiceProvider();
        ServiceProvider second = new ServiceCollection().AddSuperCache("orders").Services.BuildServiceProvider();
        ISuperCache one = first.GetRequiredService<ISuperCache>();
        ISuperCache two = second.GetRequiredKeyedService<ISuperCache>("orders");

        first.Dispose();
        await second.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => one.Put((1, 2)));
        Assert.Throws<ObjectDisposedException>(() => two.GetStatistics());
        Assert.False(one.IsStarted);
    }
}
