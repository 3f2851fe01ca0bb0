using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Extensions.Tests.DropIn;

/// <summary>Several HybridCaches, as on several starts of an application, over one SuperCache.</summary>
public sealed class HybridCacheTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _shared;
    private int _made;

    public HybridCacheTests() =>
        _shared = new ServiceCollection().AddSuperCache(o => o.TimeProvider = _clock).Services.BuildServiceProvider();

    [Fact]
    public async Task Value_IsFoundByAnotherHybridCache()
    {
        await using ServiceProvider first = Start();
        await using ServiceProvider second = Start();

        Assert.Equal(1, await GetAsync(first));
        Assert.Equal(1, await GetAsync(second));
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task RemovedTag_IsSeenByALaterHybridCache()
    {
        await using ServiceProvider first = Start();
        Assert.Equal(1, await GetAsync(first));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await first.GetRequiredService<HybridCache>().RemoveByTagAsync("red");
        _clock.Advance(TimeSpan.FromSeconds(1));

        await using ServiceProvider second = Start();

        Assert.Equal(2, await GetAsync(second));
    }

    [Fact]
    public async Task RemovedWildcardTag_IsSeenByALaterHybridCache()
    {
        await using ServiceProvider first = Start();
        Assert.Equal(1, await GetAsync(first));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await first.GetRequiredService<HybridCache>().RemoveByTagAsync("*");
        _clock.Advance(TimeSpan.FromSeconds(1));

        await using ServiceProvider second = Start();

        Assert.Equal(2, await GetAsync(second));
    }

    public void Dispose() => _shared.Dispose();

    private ServiceProvider Start()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(_shared.GetRequiredService<IDistributedCache>());
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }

    private ValueTask<int> GetAsync(ServiceProvider provider) => provider.GetRequiredService<HybridCache>()
        .GetOrCreateAsync("k", _ => ValueTask.FromResult(++_made), tags: ["red"]);
}
