using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SuperCache.Caching;
using Xunit;

namespace SuperCache.Extensions.Tests.DependencyInjection;

/// <summary>Whose <see cref="IDistributedCache"/> an application gets, by who was added when.</summary>
public class DistributedCacheRegistrationTests
{
    [Fact]
    public void SuperCache_Wins_WhenAddedAfterAddDistributedMemoryCache() =>
        AssertSuperCache(s => s.AddDistributedMemoryCache().AddSuperCache());

    [Fact]
    public void SuperCache_Wins_WhenAddedBeforeAddDistributedMemoryCache() =>
        AssertSuperCache(s => s.AddSuperCache().Services.AddDistributedMemoryCache());

    [Fact]
    public void SuperCache_Wins_BetweenTwoCallersOfTryAdd() => AssertSuperCache(s =>
    {
        s.TryAddSingleton<IDistributedCache, OtherCache>();
        s.AddSuperCache();
        s.TryAddSingleton<IDistributedCache, OtherCache>();
        s.AddDistributedMemoryCache();
    });

    [Fact]
    public void SuperCache_Wins_WhenAddedAfterAProviderThatUsesAdd() =>
        AssertSuperCache(s => s.AddSingleton<IDistributedCache, OtherCache>().AddSuperCache());

    [Fact]
    public void SuperCache_Wins_WhenAddedAgainAfterAProviderThatUsesAdd() => AssertSuperCache(s =>
    {
        s.AddSuperCache();
        s.AddSingleton<IDistributedCache, OtherCache>();
        s.AddSuperCache();
    });

    [Fact]
    public void SuperCache_Yields_ToAProviderThatUsesAddAfterwards()
    {
        var services = new ServiceCollection();
        services.AddSuperCache();
        services.AddSingleton<IDistributedCache, OtherCache>();
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.IsType<OtherCache>(provider.GetRequiredService<IDistributedCache>());
    }

    [Fact]
    public void NamedCache_LeavesTheApplicationsDistributedCacheAlone()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDistributedCache, OtherCache>();
        services.AddSuperCache("orders");
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.IsType<OtherCache>(provider.GetRequiredService<IDistributedCache>());
    }

    private static void AssertSuperCache(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        register(services);
        using ServiceProvider provider = services.BuildServiceProvider();

        IDistributedCache cache = provider.GetRequiredService<IDistributedCache>();
        Assert.IsType<RecordDistributedCache>(cache);
        Assert.Same(cache, provider.GetRequiredService<IBufferDistributedCache>());
    }

    private sealed class OtherCache : IDistributedCache
    {
        public byte[]? Get(string key) => throw new NotSupportedException();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
            throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) =>
            throw new NotSupportedException();

        public Task SetAsync(
            string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
            throw new NotSupportedException();
    }
}
