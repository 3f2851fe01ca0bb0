using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SuperCache.DependencyInjection;
using Xunit;

namespace SuperCache.Extensions.Tests.DependencyInjection;

public class OptionsValidationTests
{
    public static TheoryData<string, string, Action<SuperCacheOptions>> BrokenOptions => new()
    {
        { "SuperCacheOptions.KeyPosition is -1;", "0 or more", o => o.KeyPosition = -1 },
        { "SuperCacheOptions.PartitionPosition is -7;", "0 or more", o => o.PartitionPosition = -7 },
        { "SuperCacheOptions.PartitionCount is 0;", "between 1 and 16384", o => o.PartitionCount = 0 },
        { "SuperCacheOptions.PartitionCount is 20000;", "between 1 and 16384", o => o.PartitionCount = 20_000 },
        { "SuperCacheOptions.ReplicationFactor is 0;", "1 or more", o => o.ReplicationFactor = 0 },
        { "SuperCacheOptions.SizeLimit is -5;", "between 1 and 72057594037927936", o => o.SizeLimit = -5 },
        { "SuperCacheOptions.SizeLimit is 9223372036854775807;", "or not set", o => o.SizeLimit = long.MaxValue },
        {
            "SuperCacheOptions.DefaultEntryOptions.Size is 11;",
            "at most the SizeLimit, 10",
            o => (o.SizeLimit, o.DefaultEntryOptions) = (10, new CacheEntryOptions { Size = 11 })
        },
        { "SuperCacheOptions.LazyPutCapacity is 0;", "between 1 and 1048576", o => o.LazyPutCapacity = 0 },
        {
            "SuperCacheOptions.TableKind is 9;",
            "one of Set, OrderedSet, Bag, DuplicateBag",
            o => o.TableKind = (TableKind)9
        },
        { "SuperCacheOptions.Mode is 9;", "one of Local, Distributed", o => o.Mode = (CacheMode)9 },
        {
            "SuperCacheOptions.ReplicationMode is 9;",
            "one of Async, Sync, Strong",
            o => o.ReplicationMode = (ReplicationMode)9
        },
        {
            "SuperCacheOptions.DefaultReadMode is 9;",
            "one of Local, Primary, Quorum",
            o => o.DefaultReadMode = (ReadMode)9
        },
        {
            "SuperCacheOptions.Mode is Distributed, but the cache has no backplane;",
            "AddSuperCache returns",
            o => o.Mode = CacheMode.Distributed
        },
    };

    [Theory]
    [MemberData(nameof(BrokenOptions), DisableDiscoveryEnumeration = true)]
    public void Resolving_Throws_NamingOptionValueAndRule(
        string problem, string rule, Action<SuperCacheOptions> configure)
    {
        using ServiceProvider provider =
            new ServiceCollection().AddSuperCache(configure).Services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ISuperCache>());

        string failure = Assert.Single(error.Failures);
        Assert.StartsWith("Cache \"Default\": " + problem, failure, StringComparison.Ordinal);
        Assert.Contains(rule, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolving_ReportsEveryBrokenRule_AtOnce()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddSuperCache("orders", o => { o.PartitionCount = 0; o.KeyPosition = -1; })
            .Services.BuildServiceProvider();

        var error =
            Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<ISuperCache>("orders"));

        Assert.Equal(2, error.Failures.Count());
        Assert.All(error.Failures, f => Assert.StartsWith("Cache \"orders\": ", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostStart_Fails_WhenOptionsAreBroken_ThoughNobodyResolvedTheCache()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSuperCache(o => o.PartitionCount = 20_000);
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("PartitionCount is 20000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DistributedMode_IsValid_WhenARegistrationBringsABackplane()
    {
        ISuperCacheBuilder builder =
            new ServiceCollection().AddSuperCache("orders", o => o.Mode = CacheMode.Distributed);
        ((SuperCacheBuilder)builder).Registration.Cluster = _ => null!;
        using ServiceProvider provider = builder.Services.BuildServiceProvider();

        SuperCacheOptions options = provider.GetRequiredService<IOptionsMonitor<SuperCacheOptions>>().Get("orders");

        Assert.Equal(CacheMode.Distributed, options.Mode);
    }
}
