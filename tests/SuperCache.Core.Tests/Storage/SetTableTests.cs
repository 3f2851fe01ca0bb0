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

    [Fact]
    public async Task OrderedSet_FindsTheRecord_WhenTheKeyIsAskedForAsANullable()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.OrderedSet, partitions: 1);
        object[] keys = [DayOfWeek.Monday, UriKind.Absolute, DateTimeKind.Utc, (1, 2), (1, 2L), (1, 2, 3)];
        Array.ForEach(keys, key => cache.Put((key, 1)));
#pragma warning disable CS8714 // A nullable key is refused by the analysis only; at run time it is its value.
        Assert.Single(cache.GetByKey((DateTimeKind?)DateTimeKind.Utc));
        Assert.Single(cache.GetByKey((UriKind?)UriKind.Absolute));
        Assert.Single(cache.GetByKey(((int, int)?)(1, 2)));
#pragma warning restore CS8714
    }

    [Fact]
    public async Task TryGet_FindsTheRecord_WhenItsKeyElementIsNullable()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Set);
        cache.Put(((int?)5, "five"));

        Assert.True(cache.TryGet(5, out (int?, string) record));
        Assert.Equal("five", record.Item2);
        Assert.True(cache.TryGet((object)5, out record));
        Assert.Single(cache.GetByKey(5));
        Assert.Empty(cache.GetByKey(5L));
        Assert.Throws<RecordShapeException>(() => cache.Put(((int?)null, "none")));
        Assert.True(cache.DeleteByKey(5));
    }

    [Fact]
    public async Task Keys_AreComparedByTypeAndValue_InEveryForm()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Set);
        object[] keys = [1, 1L, 1u, 1ul, (
            short)1, (byte)1, 1.0, 1m, '\u0001', true, "1", DayOfWeek.Monday, (1, 1), (1, 1L), Tuple.Create(1, 1)];
        foreach (object key in keys)
        {
            cache.Put((key, key.GetType().Name));
        }

        Assert.Equal(keys.Length, cache.GetStatistics().TotalCount);
        Assert.Equal("Int32", ((ValueTuple<object, string>)Assert.Single(cache.GetByKey(1))).Item2);
        Assert.Equal("Int64", ((ValueTuple<object, string>)Assert.Single(cache.GetByKey(1L))).Item2);
        Assert.Equal("DayOfWeek", ((ValueTuple<object, string>)Assert.Single(cache.GetByKey(DayOfWeek.Monday))).Item2);
        Assert.True(cache.TryGet((1, 1L), out (object, string) _));
        Assert.False(cache.TryGet((1L, 1), out (object, string) _));
        cache.Put((1, 'x'));
        Assert.Equal((1, 'x'), Assert.Single(cache.GetByKey((object)1)));
        Assert.Equal(keys.Length, cache.GetStatistics().TotalCount);
    }
}
