using Xunit;

namespace SuperCache.Core.Tests;

public sealed class SmokeTests
{
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task EverythingThatWasPut_IsFoundMatchedScannedAndDeleted(TableKind kind)
    {
        await using SuperCacheEngine engine = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { TableKind = kind, PartitionCount = 3 });
        ISuperCache cache = engine;
        for (int i = 0; i < 20_000; i++)
        {
            cache.Put((i, "name" + i, i % 10));
            cache.Put(("key" + i, i));
        }

        for (int i = 0; i < 20_000; i++)
        {
            Assert.True(cache.TryGet(i, out (int, string, int) record));
            Assert.Equal((i, "name" + i, i % 10), record);
            Assert.True(cache.TryGet("key" + i, out (string, int) pair));
            Assert.Equal(i, pair.Item2);
        }

        Assert.Equal(40_000, cache.Scan(0, (n, _) => n + 1));
        Assert.Equal(2_000, cache.GetByMatch((Match.Any, Match.Var(0), 3)).Count);
        Assert.Equal(2_000, cache.DeleteByMatch((Match.Any, Match.Any, 3)));
        Assert.Equal([(4, "name4", 4)], cache.GetByMatchObject((4, Match.Any, Match.Any)).Cast<(int, string, int)>());
        cache.Put((4, "again", 1));
        Assert.Equal(kind is TableKind.Set or TableKind.OrderedSet ? 1 : 2, cache.GetByKey(4).Count);
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Equal(i % 10 != 3, cache.DeleteByKey(i));
        }

        Assert.Equal(20_000, cache.GetStatistics().TotalCount);
        cache.DeleteAll();
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }
}
