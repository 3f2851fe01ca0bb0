using Microsoft.Extensions.Time.Testing;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>Records of several types in one table.</summary>
public sealed class SetTableTests
{
    [Fact]
    public async Task TryGet_Misses_WhenAnExpiredRecordHasAnotherType()
    {
        var clock = new FakeTimeProvider();
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Set, clock: clock);
        cache.Put(("k", 1), new CacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1) });
        Assert.Throws<RecordTypeException>(() => cache.TryGet("k", out (string, string) _));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(cache.TryGet("k", out (string, string) _));
        Assert.Empty(cache.Get<(string, string)>(Tuple.Create("k")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Put_LeavesOneRecordAKey_WhenTheRecordTypeChanges(int partitions)
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Set, partitions);
        for (int round = 0; round < 3; round++)
        {
            for (int key = 0; key < 500; key++)
            {
                cache.Put((key, round));
                cache.Put((key, "text", round));
                cache.Put(Tuple.Create(key, round));
                cache.Put((key, 1, 2, 3, 4, 5, 6, 7, 8));
                cache.Put((key, round, 1.5));
                cache.Put((key, round, 'c'));
                cache.Put((key, (byte)1));
                Assert.Equal((key, (byte)1), Assert.Single(cache.GetByKey(key)));
            }
        }

        Assert.Equal(500, cache.GetStatistics().TotalCount);
        Assert.Equal(500, cache.Scan(0, (n, _) => n + 1));
    }

    [Fact]
    public async Task TryGet_NamesBothTypes_WhenTheRecordIsOfAnother()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Set);
        cache.Put(("k", 1));
        RecordTypeException error = Assert.Throws<RecordTypeException>(() => cache.TryGet("k", out (string, long) _));
        Assert.Contains(typeof((string, int)).ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(typeof((string, long)).ToString(), error.Message, StringComparison.Ordinal);
    }
}
