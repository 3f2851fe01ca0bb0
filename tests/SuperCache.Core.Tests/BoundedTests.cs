using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Core.Tests;

public sealed class BoundedTests
{
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task SizeLimit_IsKept_AndAccountsForEveryRecord(TableKind kind)
    {
        var clock = new FakeTimeProvider();
        var options = new SuperCacheOptions
        {
            TableKind = kind,
            PartitionCount = 4,
            SizeLimit = 1_000,
            TimeProvider = clock
        };
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(options);
        var random = new Random(1);
        for (int i = 0; i < 50_000; i++)
        {
            cache.Put((random.Next(5_000), i), new CacheEntryOptions
            {
                Size = random.Next(
                0, 5),
                SlidingExpiration = TimeSpan.FromSeconds(random.Next(1, 500))
            });
            Assert.InRange(cache.GetStatistics().EstimatedSize, 0, 1_000);
            if (i % 100 == 0)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                cache.DeleteByKey(random.Next(5_000));
            }
        }

        clock.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        Assert.Equal(0, cache.GetStatistics().EstimatedSize);
        Assert.True(cache.GetStatistics().Evictions > 0);
        Assert.True(cache.GetStatistics().Expirations > 0);
    }

    [Theory]
    [InlineData(2, CacheEntryPriority.Normal)]
    [InlineData(100, CacheEntryPriority.NeverEvict)]
    public async Task SizeLimit_IsKept_ByLazyPuts(int limit, CacheEntryPriority priority)
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { PartitionCount = 16, SizeLimit = limit });
        for (int i = 0; i < 2_000; i++)
        {
            cache.LazyPut((i, i), new CacheEntryOptions { Priority = priority });
        }

        await cache.FlushAsync();
        Assert.Equal(limit, cache.GetStatistics().EstimatedSize);
        Assert.Equal(limit, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task SizeLimit_OfTwoOverManyPartitions_HoldsTheNewestTwo()
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { PartitionCount = 16, SizeLimit = 2 });
        for (int i = 0; i < 100; i++)
        {
            cache.Put((i, i));
            Assert.Single(cache.GetByKey(i));
            Assert.InRange(cache.GetStatistics().TotalCount, 1, 2);
        }

        cache.DeleteAll();
        for (int i = 0; i < 100; i++)
        {
            cache.Put((i, i), new CacheEntryOptions { Priority = CacheEntryPriority.NeverEvict });
            Assert.InRange(cache.GetStatistics().TotalCount, 0, 2);
        }
    }
}
