using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Matching;

/// <summary>What a pattern element or a fold throws reaches the caller and leaves the cache as it was.</summary>
public sealed class ThrowingPatternTests
{
    private const int Records = 30_000;

    [Theory]
    [InlineData(TableKind.Set, 1)]
    [InlineData(TableKind.OrderedSet, 1)]
    [InlineData(TableKind.Bag, 1)]
    [InlineData(TableKind.DuplicateBag, 1)]
    [InlineData(TableKind.Set, 8)]
    [InlineData(TableKind.Bag, 8)]
    public async Task DeleteByMatch_ChangesNothing_WhenAnElementThrows(TableKind kind, int partitions)
    {
        await using SuperCacheEngine cache = await Filled(kind, partitions);

        Assert.Throws<InvalidOperationException>(() => cache.DeleteByMatch((Match.Any, new Throwing(20_000))));

        Assert.Equal(Records, cache.GetStatistics().TotalCount);
        Assert.Equal(Records, cache.Scan(0, (n, _) => n + 1));
        Assert.Equal(1, cache.DeleteByMatch((7, Match.Any)));
        Assert.Equal(Records - 1, cache.GetStatistics().TotalCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task GetByMatch_ThrowsWhatTheElementThrew_OnAnyNumberOfPartitions(int partitions)
    {
        await using SuperCacheEngine cache = await Filled(TableKind.Set, partitions);
        Assert.Throws<InvalidOperationException>(() => cache.GetByMatch((Match.Any, new Throwing(20_000))));
        Assert.Throws<InvalidOperationException>(() => cache.GetByMatchObject((Match.Any, new Throwing(20_000))));
        Assert.Equal(Records, cache.GetByMatch((Match.Var(0), Match.Any)).Count);
    }

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    public async Task Scan_HoldsNothing_WhenTheFoldThrows(TableKind kind)
    {
        await using SuperCacheEngine cache = await Filled(kind, partitions: 2);
        Assert.Throws<InvalidOperationException>(
            () => cache.Scan(0, (n, _) => n == 100 ? throw new InvalidOperationException("Boom.") : n + 1));

        // Another thread would wait for ever for a lock that was left behind.
        await Task.Run(() => cache.Put((-1, (object)"new")));
        Assert.Equal(Records + 1, cache.Scan(0, (n, _) => n + 1));
    }

    [Fact]
    public async Task Scan_MayUseTheCache_FromItsFold()
    {
        await using SuperCacheEngine cache = await Filled(TableKind.Set, partitions: 2);
        int seen = cache.Scan(0, (n, record) =>
        {
            Assert.True(cache.DeleteByKey(record[0]!));
            return n + 1;
        });
        Assert.Equal(Records, seen);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    private static async Task<SuperCacheEngine> Filled(TableKind kind, int partitions)
    {
        SuperCacheEngine cache = await Start.Cache(kind, partitions);
        cache.PutBatch(Enumerable.Range(0, Records).Select(i => (i, (object)new Plain(i))));
        return cache;
    }

    private sealed record Plain(int Number);

    /// <summary>Equals every plain value until it throws, from whichever side it is compared.</summary>
    private sealed class Throwing(int after)
    {
        private int _left = after;

        public override bool Equals(object? obj) =>
            Interlocked.Decrement(ref _left) < 0 ? throw new InvalidOperationException("Boom.") : true;

        public override int GetHashCode() => 0;
    }
}
