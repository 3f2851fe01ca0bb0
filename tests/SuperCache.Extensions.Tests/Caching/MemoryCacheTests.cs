using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Xunit;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>Microsoft's implementation: shows that the conformance suite states the contract and not our
/// habits.</summary>
public sealed class MicrosoftMemoryCacheTests : MemoryCacheConformance
{
    protected override IMemoryCache Create(long? sizeLimit = null, bool tracksLinks = false) =>
        new MemoryCache(new MemoryCacheOptions
        {
#pragma warning disable CS0618 // The one way to give this version a clock.
            Clock = new ClockAdapter(Clock),
#pragma warning restore CS0618
            SizeLimit = sizeLimit,
            TrackLinkedCacheEntries = tracksLinks,
            TrackStatistics = true,
        });

    protected override void Compact(IMemoryCache cache, double percentage) => ((MemoryCache)cache).Compact(percentage);

#pragma warning disable CS0618
    private sealed class ClockAdapter(TimeProvider clock) : ISystemClock
#pragma warning restore CS0618
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}

/// <summary>Our implementation, and where it is meant to differ.</summary>
public sealed class SuperMemoryCacheTests : MemoryCacheConformance
{
    protected override IMemoryCache Create(long? sizeLimit = null, bool tracksLinks = false) =>
        Create(sizeLimit, new SuperMemoryCacheOptions { TrackLinkedCacheEntries = tracksLinks });

    protected override void Compact(IMemoryCache cache, double percentage) =>
        ((SuperMemoryCache)cache).Compact(percentage);

    private SuperMemoryCache Create(long? sizeLimit, SuperMemoryCacheOptions options) => new(
        new SuperCacheEngine(new SuperCacheOptions { SizeLimit = sizeLimit, TimeProvider = Clock }), options);

    [Fact]
    public async Task EntryWhoseLifeEndsWhileItIsSet_IsNotThere_AndNothingIsThrown()
    {
        await using SuperCacheEngine engine = await SuperCacheEngine.StartAsync();
        using var cache = new SuperMemoryCache(engine, new SuperMemoryCacheOptions());
        for (int i = 0; i < 1_000; i++)
        {
            cache.Set("key", 1, TimeSpan.FromTicks(1));
            Assert.False(cache.TryGetValue("key", out _));
        }
    }

    [Fact]
    public async Task CacheWhoseHostHasStopped_ThrowsOnlyWhereADisposedOneDoes()
    {
        var engine = new SuperCacheEngine(new SuperCacheOptions());
        using var cache = new SuperMemoryCache(engine, new SuperMemoryCacheOptions());
        ICacheEntry entry = cache.CreateEntry("k");
        entry.Value = 1;
        ICacheEntry bornDead = cache.CreateEntry("l");
        bornDead.Value = 1;
        bornDead.AbsoluteExpiration = DateTimeOffset.UnixEpoch;
        int called = 0;
        bornDead.RegisterPostEvictionCallback((_, _, _, _) => called++);
        await engine.DisposeAsync();

        entry.Dispose();
        bornDead.Dispose();
        cache.Compact(1);

        Assert.Equal((0, 0, 0), (cache.Count, cache.Keys.Count(), called));
        Assert.Throws<ObjectDisposedException>(() => cache.TryGetValue("k", out _));
    }

    [Fact]
    public void MissingSize_CountsOne_UnlessRequired()
    {
        using SuperMemoryCache lenient = Create(2, new SuperMemoryCacheOptions());
        lenient.Set("a", 1);
        Assert.Equal(1, lenient.GetCurrentStatistics().CurrentEstimatedSize);
        using SuperMemoryCache strict = Create(2, new SuperMemoryCacheOptions { RequireSize = true });
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => strict.Set("a", 1));
        Assert.Contains("Size", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, strict.Count);
    }

    [Fact]
    public async Task NewEntry_IsAdmitted_AndAnOldOneGoes_AtTheLimit()
    {
        using SuperMemoryCache cache = Create(2, new SuperMemoryCacheOptions());
        var evictions = new Evictions();
        cache.Set(0, 0, evictions.Options());
        for (int i = 1; i < 50; i++)
        {
            cache.Set(i, i);
            Assert.True(cache.TryGetValue(i, out _));
            Assert.InRange(cache.Count, 1, 2);
        }

        Assert.Equal(EvictionReason.Capacity, (await evictions.Next).Reason);
    }

    [Fact]
    public async Task ExpiredEntry_IsReclaimed_WithoutBeingTouched()
    {
        using SuperMemoryCache cache = Create(null, new SuperMemoryCacheOptions());
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options(o => o.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10)));
        Clock.Advance(TimeSpan.FromSeconds(11.1));
        Assert.Equal(EvictionReason.Expired, (await evictions.Next).Reason);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Clear_EmptiesOnlyThisCache()
    {
        var engine = new SuperCacheEngine(new SuperCacheOptions { TimeProvider = Clock });
        using var cache = new SuperMemoryCache(engine, new SuperMemoryCacheOptions());
        engine.Put(("k", 1));
        cache.Set("k", 1);
        Assert.Equal(["k"], cache.Keys);
        cache.Clear();
        Assert.Empty(cache.Keys);
        Assert.True(engine.TryGet("k", out (string, int) _));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Compact(1.5));
    }
}
