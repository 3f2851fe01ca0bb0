using System.Runtime.CompilerServices;
using CsCheck;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Concurrency;

/// <summary>Reads by number tell what all other reads tell.</summary>
[Trait("Kind", "Soak")]
public sealed class DirectReadTests
{
    private const int Keys = 3_000;

    /// <summary>Any sequence of changes to a table that has a table by number.</summary>
    [Fact]
    public void TryGet_TellsWhatIsStored_AfterAnyChanges()
    {
        Gen<(int, int, int)> change = Gen.Select(Gen.Int[0, 11], Gen.Int[-10, Keys + 200], Gen.Int[0, 1_000]);
        Gen.Select(Gen.Int[1, 4], change.Array[60]).Sample(
            (partitions, changes) => Change(partitions, changes), iter: 60);
    }

    [Fact]
    public async Task Strays_AreNotFoundByTheirNumber()
    {
        await using SuperCacheEngine cache = await Filled(partitions: 4);
        IReadOnlyList<ICachePartition> all = [.. Enumerable.Range(0, 4).Select(i => cache.Partitions[i])];
        for (int key = 0; key < Keys; key += 7)
        {
            foreach (ICachePartition partition in all.Where(partition => !Holds(partition, key)))
            {
                partition.Put((key, -1L));
            }
        }

        for (int key = 0; key < Keys; key++)
        {
            Assert.True(cache.TryGet(key, out (int, long) found));
            Assert.Equal((key, key), found);
        }

        for (int key = 0; key < Keys; key += 14)
        {
            Assert.True(cache.DeleteByKey(key));
            Assert.False(cache.TryGet(key, out (int, long) _));
        }

        static bool Holds(ICachePartition partition, int key) => partition.TryGet(key, out (int, long) _);
    }

    [Fact]
    public async Task ADisposedCache_ShowsNothing()
    {
        SuperCacheEngine cache = await Filled(partitions: 2);
        Assert.True(cache.TryGet(1, out (int, long) _));
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache.TryGet(1, out (int, long) _));
        Assert.Null(Table(cache));
    }

    /// <summary>What was read on either way is not older than what was read before it, on the other.</summary>
    [Fact]
    public async Task Reads_GoForwardOnly_OnBothWays_WhileRecordsArePutAndDeleted()
    {
        const int Read = 64;
        await using SuperCacheEngine cache = await Filled(partitions: 2);
        for (int key = 0; key < Read; key++)
        {
            cache.Put((key, 0L));
        }

        long[] begun = new long[Read];
        long[] ended = new long[Read];
        Action<int> reader = round =>
        {
            int key = round % Read;
            long least = Volatile.Read(ref ended[key]);
            for (int way = 0; way < 4; way++)
            {
                long? seen = (way & 1) == (round & 1) ? Directly(cache, key) : ByPattern(cache, key);
                long most = Volatile.Read(ref begun[key]);

                // A version divisible by 4 is that there is nothing.
                seen ??= (least + 3) / 4 * 4;
                Assert.True(seen >= least && seen <= most, $"{seen} of {least}..{most}, way {way}.");
                least = seen.Value;
            }
        };
        Soak.Run(Soak.Length / 3, reader, round =>
        {
            int key = round * 7 % Read;
            long version = begun[key] + 1;
            Volatile.Write(ref begun[key], version);
            if (version % 4 == 0)
            {
                cache.DeleteByKey(key);
            }
            else
            {
                cache.Put((key, version));
            }

            Volatile.Write(ref ended[key], version);
        });
        Assert.NotNull(Table(cache));
    }

    /// <summary>While tables are made and given up, and the records in them are wide.</summary>
    [Fact]
    public async Task Reads_FindWholeRecordsOnly_WhileTablesAreReplaced()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 2);
        Action<int> reader = round =>
        {
            int key = round * 31 % Keys;
            if (cache.TryGet(key, out (int Key, int A, long B, long C) record))
            {
                Assert.True(
                    record.Key == key && record.A == record.B && record.B == record.C, $"A mixture: {record}.");
            }
        };
        var tables = new HashSet<object>();
        Soak.Run(Soak.Length / 3, reader, round =>
        {
            cache.Put((round % Keys, round, (long)round, (long)round));
            if (Table(cache) is { } table)
            {
                tables.Add(table);
            }

            if (round % (Keys * 2) == Keys - 1)
            {
                cache.DeleteAll();
            }
            else if (round % 5 == 0)
            {
                cache.DeleteByKey(round * 13 % Keys);
            }
        });
        Assert.True(tables.Count > 2, $"{tables.Count} tables.");
    }

    private static void Change(int partitions, (int Act, int Key, int Value)[] changes)
    {
        using SuperCacheEngine cache = Filled(partitions).GetAwaiter().GetResult();
        var model = Enumerable.Range(0, Keys).ToDictionary(key => key, key => (long)key);
        foreach ((int act, int key, int value) in changes)
        {
            Change(cache, model, act, key, value);
            foreach (int asked in (int[])[key, key + 1, value, Keys - 1])
            {
                Assert.Equal(model.TryGetValue(asked, out long expected) ? expected : null, Directly(cache, asked));
            }
        }

        for (int key = -20; key < Keys + 500; key++)
        {
            Assert.Equal(model.TryGetValue(key, out long expected) ? expected : null, Directly(cache, key));
        }
    }

    private static void Change(SuperCacheEngine cache, Dictionary<int, long> model, int act, int key, int value)
    {
        (int, long)[] some = [.. Enumerable.Range(key, value).Select(i => (i, (long)value))];
        switch (act)
        {
            case 0 or 1 or 2:
                cache.Put((key, (long)value));
                model[key] = value;
                break;
            case 3:
                cache.Put((key, (long)value), new CacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) });
                model[key] = value;
                break;
            case 4 or 5:
                cache.DeleteByKey(key);
                model.Remove(key);
                break;
            case 6 or 7:
                cache.PutBatch(some);
                Array.ForEach(some, record => model[record.Item1] = record.Item2);
                break;
            case 8:
                cache.DeleteByMatch((Match.Any, (long)value));
                model.Where(pair => pair.Value == value).ToList().ForEach(pair => model.Remove(pair.Key));
                break;
            case 9 when value < 100:
                cache.DeleteAll();
                model.Clear();
                break;
            case 10 when value < 50:
                // Of another type: from now on its partition is found by the hash.
                cache.Put((key, (long)value, "other"));
                cache.DeleteByKey(key);
                model.Remove(key);
                break;
            default:
                foreach ((int one, long _) in some)
                {
                    cache.DeleteByKey(one);
                    model.Remove(one);
                }

                break;
        }
    }

    private static long? Directly(SuperCacheEngine cache, int key) =>
        cache.TryGet(key, out (int, long Value) found) ? found.Value : null;

    private static long? ByPattern(SuperCacheEngine cache, int key) =>
        cache.GetByKey(key) is [var found] ? (long)found[1]! : null;

    private static async Task<SuperCacheEngine> Filled(int partitions)
    {
        SuperCacheEngine cache = await Start.Cache(partitions: partitions);
        for (int i = 0; i < 2; i++)
        {
            for (int key = 0; key < Keys; key++)
            {
                cache.Put((key, (long)key));
            }
        }

        Assert.NotNull(Table(cache));
        return cache;
    }

    private static object? Table(SuperCacheEngine cache) =>
        Direct(cache).Table<(int, long)>(KeyKind.Int32) ?? (object?)Direct(cache).Table<(int, int, long, long)>(
            KeyKind.Int32);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_direct")]
    private static extern ref DirectAccess Direct(SuperCacheEngine cache);
}
