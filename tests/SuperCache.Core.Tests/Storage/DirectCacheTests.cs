using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>A cache whose keys are numbers without gaps: which are read directly, and what that costs.</summary>
public sealed class DirectCacheTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task NearlyAll_AreShown_WhateverTheSeedOfTheHash(int partitions)
    {
        const int Count = 30_000;
        for (int seed = 0; seed < 20; seed++)
        {
            await using SuperCacheEngine cache = await Start.Cache(partitions: partitions);
            for (int key = 0; key < Count; key++)
            {
                cache.Put((key, key));
            }

            // Where a table was made by one of the last puts, it takes a few more to fill it.
            for (int key = 0; key < 500; key++)
            {
                cache.Put((key, key));
            }

            AssertShown(cache, Count);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(8, 0)]
    [InlineData(8, 10_000)]
    [InlineData(8, 100_000)]
    public async Task ABatch_IsShown_ThoughPartitionsAreFilledOneAfterTheOther(int partitions, int before)
    {
        const int Count = 400_000;
        await using SuperCacheEngine cache = await Start.Cache(partitions: partitions);
        for (int key = 0; key < before; key++)
        {
            cache.Put((key, key));
        }

        cache.PutBatch(Enumerable.Range(0, Count).Select(i => (i, i)));
        AssertShown(cache, Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task TwoRangesOfOneSize_DoNotTakeTurns_E3(int partitions)
    {
        const int Count = 10_000;
        await using SuperCacheEngine cache = await Start.Cache(partitions: partitions);
        var tables = new HashSet<object>();
        for (int round = 0; round < 3; round++)
        {
            tables.Clear();
            for (int i = 0; i < Count; i++)
            {
                cache.Put((i, i));
                cache.Put((1_000_000_000 + i, i));
                if (Table(cache) is { } table)
                {
                    tables.Add(table);
                }
            }
        }

        Assert.InRange(tables.Count, 0, 4);
    }

    [Fact]
    public async Task RecordsThatNoLongerEnd_GetATable()
    {
        const int Count = 50_000;
        await using SuperCacheEngine cache = await Start.Cache(partitions: 2);
        var hour = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        for (int key = 0; key < Count; key++)
        {
            cache.Put((key, key), hour);
        }

        Assert.Null(Table(cache));
        for (int i = 0; i < Count * 2; i++)
        {
            cache.Put((i % Count, i % Count));
        }

        AssertShown(cache, Count);
    }

    [Fact]
    public async Task ATable_IsGivenUp_WhenAllRecordsAreDeletedAtOnce()
    {
        await using SuperCacheEngine cache = await Filled(300_000);
        Assert.Equal(300_000, cache.DeleteByMatch((Match.Any, Match.Any)));
        Assert.Null(Table(cache));
    }

    [Fact]
    public async Task ATable_Shrinks_WhenAllRecordsAreToEnd()
    {
        await using SuperCacheEngine cache = await Filled(100_000);
        var hour = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        for (int key = 0; key < 100_000; key++)
        {
            cache.Put((key, key), hour);
        }

        Assert.True((Table(cache)?.Length ?? 0) < 40_000);
    }

    [Fact]
    public async Task ATableThatWasGivenUp_IsLetGo()
    {
        await using SuperCacheEngine cache = await Filled(100_000);
        WeakReference table = DeleteAll(cache);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Null(Table(cache));
        Assert.False(table.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference DeleteAll(SuperCacheEngine cache)
        {
            var weak = new WeakReference(Table(cache));
            Assert.NotNull(weak.Target);
            cache.DeleteAll();
            return weak;
        }
    }

    /// <summary>One tenant has numbers with gaps, and nearly all of the records; they lie in one partition.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    public async Task ATable_HasTwoSlotsAnEntryAtMost_WhereOnePartitionHasThemAll_E1(int partitions)
    {
        await using SuperCacheEngine cache = await Start.Cache(
            partitions: partitions, configure: options => options.PartitionPosition = 1);
        int small = Enumerable.Range(2, 100).First(i => cache.Partitions.IndexOf(i) != cache.Partitions.IndexOf(1));
        for (int i = 0; i < 100_000; i++)
        {
            cache.Put((i * (partitions / 2), 1));
            if (i % 1_000 == 0)
            {
                cache.Put((i * 77_777, small));
            }

            Assert.True((Table(cache)?.Length ?? 0) <= 2 * Math.Max(i, 1_000));
        }
    }

    [Fact]
    public async Task KeysOfAnotherPartition_AreFoundWhereTheyAre_N2()
    {
        // Here the partition value is another element than the key: the same key may be in several partitions.
        const int Count = 10_000;
        await using SuperCacheEngine cache = await Start.Cache(
            partitions: 2, configure: options => options.PartitionPosition = 1);
        int other = Enumerable.Range(1, 100).First(i => cache.Partitions.IndexOf(i) != cache.Partitions.IndexOf(0));
        for (int key = 0; key < Count; key++)
        {
            cache.Put((key, 0, -key));
            cache.Put((key, other, key));
        }

        for (int key = 0; key < Count; key++)
        {
            bool isOwn = cache.TryGet(key, out (int Key, int Region, int Value) found);
            Assert.Equal((true, key, found.Region == 0 ? -key : key), (isOwn, found.Key, found.Value));
            Assert.True(cache.DeleteByKeyPartition(key, found.Region));
            Assert.False(cache.TryGet(key, out (int, int, int) _));
        }
    }

    [Fact]
    public async Task ADelete_InAnotherPartition_DoesNotTouchAKey_N2()
    {
        const int Key = 5_000;
        await using SuperCacheEngine cache = await Filled(10_000);
        int other = 1 - cache.Partitions.IndexOf(Key);
        Action<int> deleter = _ => cache.Partitions[other].Delete(Key);
        Soak.Run(Soak.Length / 6, deleter, round =>
        {
            cache.Put((Key, round));
            Assert.True(cache.TryGet(Key, out (int, int) found));
            Assert.Equal((Key, round), found);
        });
    }

    private static async Task<SuperCacheEngine> Filled(int count)
    {
        SuperCacheEngine cache = await Start.Cache(partitions: 2);
        for (int key = 0; key < count; key++)
        {
            cache.Put((key, key));
        }

        Assert.NotNull(Table(cache));
        return cache;
    }

    private static void AssertShown(SuperCacheEngine cache, int count)
    {
        DirectAccess direct = Direct(cache);
        int shown = Enumerable.Range(0, count).Count(
            key => direct.TryGet(key, out (int, int) found) && found == (key, key));
        Assert.True(shown >= count * 0.9, $"Only {shown} of {count} are shown.");
    }

    private static DirectSlot<(int, int)>[]? Table(SuperCacheEngine cache) =>
        Direct(cache).Table<(int, int)>(KeyKind.Int32);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_direct")]
    private static extern ref DirectAccess Direct(SuperCacheEngine cache);
}
