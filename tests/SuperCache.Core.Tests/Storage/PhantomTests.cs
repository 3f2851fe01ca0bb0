using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>A slot that is free, or was freed, is never taken for the entry of a key.</summary>
public sealed class PhantomTests
{
    private const int Tables = 300;

    [Fact]
    public async Task TryGet_Misses_WhenOnlyAFreeSlotEqualsTheKey()
    {
        for (int table = 0; table < Tables; table++)
        {
            await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 1 });
            for (int key = 1; key <= 200; key++)
            {
                cache.Put((key, "value"));
            }

            // The default of (int, string) is what a free slot holds; its key is 0.
            Assert.False(cache.TryGet(0, out (int, string) _));
            Assert.Empty(cache.GetByKey(0));
            cache.Put((0, "zero"));
            Assert.True(cache.TryGet(0, out (int, string) record));
            Assert.Equal("zero", record.Item2);
            Assert.Equal(201, cache.GetStatistics().TotalCount);
        }
    }

    [Fact]
    public async Task TryGet_Misses_WhenTheKeyWasDeletedAndItsSlotNotWiped()
    {
        const int Keys = 300_000;
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 1 });
        for (int key = 1; key <= Keys; key++)
        {
            cache.Put((key, key));
        }

        for (int key = 1; key <= Keys; key += 2)
        {
            Assert.True(cache.DeleteByKey(key));
        }

        for (int key = 1; key <= Keys; key++)
        {
            Assert.Equal(key % 2 == 0, cache.TryGet(key, out (int, int) _));
        }

        for (int key = 1; key <= Keys; key += 2)
        {
            cache.Put((key, -key));
        }

        for (int key = 1; key <= Keys; key++)
        {
            Assert.True(cache.TryGet(key, out (int, int) record));
            Assert.Equal(key % 2 == 0 ? key : -key, record.Item2);
        }

        Assert.Equal(Keys, cache.GetStatistics().TotalCount);
    }
}
