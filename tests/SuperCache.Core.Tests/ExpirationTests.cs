using Microsoft.Extensions.Time.Testing;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

public sealed class ExpirationTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<TableKind> Kinds { get; } = [TableKind.Set,
        TableKind.OrderedSet, TableKind.Bag, TableKind.DuplicateBag];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Entry_IsGoneFromItsDeadlineOn_WhenItIsAbsolute(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, clock: _clock);
        cache.Put((1, "a"), new CacheEntryOptions { AbsoluteExpiration = _clock.GetUtcNow().AddSeconds(2) });
        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.True(cache.TryGet(1, out (int, string) _));
        _clock.Advance(TimeSpan.FromTicks(1));
        await AssertGone(cache);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Entry_IsGoneFromItsDeadlineOn_WhenItIsRelative(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, clock: _clock);
        cache.Put((1, "a"), new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(10) });
        _clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Single(cache.GetByKey(1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await AssertGone(cache);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Entry_LivesOnWithEachRead_WhenItSlides(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, clock: _clock);
        cache.Put((1, "a"), new CacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1) });
        for (int i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Single(cache.GetByKey(1));
        }

        // Looking at it from afar is no read.
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, cache.Scan(0, (n, _) => n + 1));
        Assert.Single(cache.GetByMatch((Match.Any, "a")));
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        await AssertGone(cache);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Entry_EndsAtItsEarliestDeadline_WhenItHasSeveral(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, clock: _clock);
        cache.Put((1, "a"), new CacheEntryOptions
        {
            AbsoluteExpiration = _clock.GetUtcNow().AddSeconds(5),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(3),
            SlidingExpiration = TimeSpan.FromSeconds(2),
        });
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Single(cache.GetByKey(1));
        _clock.Advance(TimeSpan.FromSeconds(1.499));
        Assert.Single(cache.GetByKey(1));
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        await AssertGone(cache);
    }

    [Fact]
    public async Task Entry_TakesTheDefaultOptions_WhenItHasNone()
    {
        await using SuperCacheEngine cache = await Start.Cache(clock: _clock, configure: o => o.DefaultEntryOptions =
            new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) });
        cache.Put((1, "default"));
        cache.Put((2, "own"), new CacheEntryOptions());
        cache.PutBatch([(3, "batch")]);
        cache.LazyPut((4, "lazy"));
        await cache.FlushAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2, "own"), Assert.Single(cache.GetByMatchObject((Match.Any, Match.Any))));
    }

    [Fact]
    public async Task Put_GivesAReplacedEntryItsNewTerms()
    {
        await using SuperCacheEngine cache = await Start.Cache(clock: _clock);
        var second = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) };
        cache.Put((1, "a"), second);
        cache.Put((1, "b"));
        cache.Put((2, "a"));
        cache.Put((2, "b"), second);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(cache.TryGet(1, out (int, string) record));
        Assert.Equal("b", record.Item2);
        Assert.False(cache.TryGet(2, out record));
    }

    [Fact]
    public async Task Statistics_CountWhatExpired_OnceItIsReclaimed()
    {
        await using SuperCacheEngine cache = await Start.Cache(clock: _clock);
        for (int i = 0; i < 1_000; i++)
        {
            cache.Put((i, "a"), new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) });
        }

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        Assert.Equal(1_000, cache.GetStatistics().Expirations);
        Assert.Equal(0, cache.GetStatistics().Deletes);
    }

    private static async Task AssertGone(SuperCacheEngine cache)
    {
        Assert.False(cache.TryGet(1, out (int, string) record));
        Assert.Equal(default, record);
        Assert.Empty(cache.GetByKey(1));
        Assert.Empty(cache.Get(Tuple.Create(1)));
        Assert.Empty(cache.GetByMatch((1, Match.Any)));
        Assert.Empty(cache.GetByMatch((Match.Any, Match.Any)));
        Assert.Equal(0, cache.Scan(0, (n, _) => n + 1));
        Assert.Empty(cache.Partitions.For(1).Get(1));
        Assert.Equal(0, cache.DeleteByMatch((Match.Any, Match.Any)));
        Assert.False(await cache.DeleteByKeyAsync(1));
    }
}
