using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task Statistics_CountEachOperationOnce(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 4);
        cache.PutBatch(Enumerable.Range(0, 100).Select(i => (i, i)));
        cache.LazyPut((100, 100));
        await cache.FlushAsync();
        cache.Partitions.For(101).Put((101, 101));
        for (int i = 0; i < 10; i++)
        {
            Assert.True(cache.TryGet(i, out (int, int) _));
            Assert.False(cache.TryGet(-1 - i, out (int, int) _));
        }

        cache.GetByKey(1);
        cache.GetByKey(-1);
        cache.Get((1, 1));
        cache.GetByKeyPartition(1, 1);
        cache.Partitions.For(1).Get(1);
        cache.Partitions.For(1).TryGet(-1, out (int, int) _);
        cache.DeleteByKey(1);
        cache.DeleteByKey(1);
        cache.DeleteByMatch((Match.Any, 2));
        cache.Partitions.For(3).Delete(3);

        CacheStatistics statistics = cache.GetStatistics();
        Assert.Equal(102, statistics.Puts);
        Assert.Equal(14, statistics.Hits);
        Assert.Equal(12, statistics.Misses);
        Assert.Equal(3, statistics.Deletes);
        Assert.Equal(99, statistics.TotalCount);
        Assert.Equal(99, statistics.EstimatedSize);
        Assert.Equal(4, statistics.Partitions.Count);
        Assert.All(statistics.Partitions, partition => Assert.InRange(partition.Count, 5, 60));
        cache.DeleteAll();
        Assert.Equal(102, cache.GetStatistics().Deletes);
    }

    [Fact]
    public async Task Statistics_CountTheReadsOfAllThreads_AlsoOfThoseThatHaveEnded()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.Put((1, 1));
        const int Threads = 200;
        for (int wave = 0; wave < Threads / 4; wave++)
        {
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                for (int i = 0; i < 10; i++)
                {
                    cache.TryGet(1, out (int, int) _);
                    cache.TryGet(2, out (int, int) _);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }

        Assert.Equal(Threads * 10, cache.GetStatistics().Hits);
        Assert.Equal(Threads * 10, cache.GetStatistics().Misses);
    }

    [Fact]
    public async Task Statistics_KeepTwoCachesApart_OnOneThread()
    {
        await using SuperCacheEngine one = await Start.Cache();
        await using SuperCacheEngine two = await Start.Cache();
        for (int i = 0; i < 5; i++)
        {
            one.TryGet(1, out (int, int) _);
            two.TryGet(1, out (int, int) _);
            two.TryGet(1, out (int, int) _);
        }

        Assert.Equal(5, one.GetStatistics().Misses);
        Assert.Equal(10, two.GetStatistics().Misses);
    }
}
