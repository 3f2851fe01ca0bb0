using System.Runtime.CompilerServices;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Every operation at once from several threads; afterwards the cache must add up.</summary>
/// <remarks>Longer: <code>SUPERCACHE_SOAK_SECONDS=600 dotnet test tests/SuperCache.Core.Tests -c Release --filter
/// Kind=Soak</code></remarks>
[Trait("Kind", "Soak")]
public sealed class SoakTests
{
    private const int Threads = 4;

    /// <summary>Each thread owns its keys, so that it knows what must be there in the end.</summary>
    private const int KeysOfAThread = 500;

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task Cache_AddsUp_AfterAllOperationsAtOnce(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 5, configure: o =>
            o.LazyPutCapacity = 32);
        bool isBag = kind is TableKind.Bag or TableKind.DuplicateBag;
        var expected = new Dictionary<int, ITuple>[Threads];
        var workers = new Action<int>[Threads];
        for (int thread = 0; thread < Threads; thread++)
        {
            int number = thread;
            expected[number] = [];
            var random = new Random(number);
            workers[number] = round => Work(cache, isBag, number, round, random, expected[number]);
        }

        Soak.Run(Soak.Length, workers);
        await cache.FlushAsync();
        AssertIntegrity(cache, expected.SelectMany(part => part).ToDictionary());
    }

    private static void Work(
        SuperCacheEngine cache, bool isBag, int thread, int round, Random random, Dictionary<int, ITuple> own)
    {
        int key = thread * KeysOfAThread + random.Next(KeysOfAThread);
        switch (random.Next(14))
        {
            case 0 or 1 or 2:
                Replace(cache, isBag, own, key, (key, round));
                break;
            case 3:
                Replace(cache, isBag, own, key, (key, "text" + round, round));
                break;
            case 4:
                Replace(cache, isBag, own, key, Tuple.Create(key, round));
                break;
            case 5:
                (int, int)[] batch = [.. Enumerable.Range(thread * KeysOfAThread, 50).Select(k => (k, round))];
                Array.ForEach(batch, record => cache.DeleteByKey(record.Item1));
                cache.PutBatch(batch);
                Array.ForEach(batch, record => own[record.Item1] = record);
                break;
            case 6:
                cache.DeleteByKey(key);
                cache.LazyPut((key, -round));
                cache.FlushAsync().AsTask().GetAwaiter().GetResult();
                own[key] = (key, -round);
                break;
            case 7 or 8:
                Assert.Equal(own.Remove(key), cache.DeleteByKey(key));
                break;
            case 9:
                Assert.Equal(own.Remove(key)
                    ? 1 : 0, cache.DeleteByMatch((key, Match.Any)) + cache.DeleteByMatch((key, Match.Any, Match.Any)));
                break;
            case 10:
                Assert.Equal(own.GetValueOrDefault(key), cache.GetByMatchObject((key, Match.Any)).Concat(
                    cache.GetByMatchObject((key, Match.Any, Match.Any))).SingleOrDefault());
                break;
            case 11 when round % 50 == 0:
                int mine = cache.Scan(0, (n, record) => n + ((int)record[0]! / KeysOfAThread == thread ? 1 : 0));
                Assert.Equal(own.Count, mine);
                break;
            default:
                bool found = cache.TryGet(key, out ITuple stored);
                Assert.Equal(own.TryGetValue(key, out ITuple? known), found);
                Assert.Equal(known, stored);
                break;
        }
    }

    private static void Replace<TRecord>(
        SuperCacheEngine cache, bool isBag, Dictionary<int, ITuple> own, int key, TRecord record)
        where TRecord : ITuple
    {
        if (isBag)
        {
            cache.DeleteByKey(key);
        }

        cache.Put(record);
        own[key] = record;
    }

    private static void AssertIntegrity(SuperCacheEngine cache, Dictionary<int, ITuple> expected)
    {
        List<ITuple> all = cache.Scan(new List<ITuple>(), (records, record) =>
        {
            records.Add(record);
            return records;
        });
        CacheStatistics statistics = cache.GetStatistics();
        Assert.Equal(expected.Count, statistics.TotalCount);
        Assert.Equal(expected.Count, statistics.Partitions.Sum(partition => partition.Count));
        Assert.Equal(expected.Values.OrderBy(record => (int)record[0]!), all.OrderBy(record => (int)record[0]!));
        foreach ((int key, ITuple record) in expected)
        {
            int home = cache.Partitions.IndexOf(key);
            Assert.Equal(record, Assert.Single(cache.GetByKey(key)));
            Assert.All(cache.Partitions, partition =>
                Assert.Equal(partition.Index == home ? 1 : 0, partition.Get(key).Count));
        }
    }
}
