using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;

namespace SuperCache.Benchmarks.Paired;

/// <summary>Puts: one by one, in batches, lazily, and into an ordered set.</summary>
public static class WriteContests
{
    private const int Items = 100_000;

    public static void Put(int rounds, TextWriter output)
    {
        string[] keys = [.. Enumerable.Range(0, Items).Select(i => $"user:{i:D7}")];
        SuperCacheEngine cache = Start(TableKind.Set);
        var dictionary = new ConcurrentDictionary<string, long>();
        var memory = new MemoryCache(new MemoryCacheOptions());
        new Contest($"Put new, string keys, {Items:N0} entries, 1 thread", Items)
            .Add("SuperCache", _ => PutAll(keys, cache), cache.DeleteAll)
            .Add("ConcurrentDictionary", _ => PutAll(keys, dictionary), dictionary.Clear)
            .Add("MemoryCache", _ => PutAll(keys, memory), memory.Clear)
            .Run(rounds, output);
        PutAll(keys, cache);
        PutAll(keys, dictionary);
        PutAll(keys, memory);
        new Contest($"Put replacing, string keys, {Items:N0} entries, 1 thread", Items)
            .Add("SuperCache", _ => PutAll(keys, cache))
            .Add("ConcurrentDictionary", _ => PutAll(keys, dictionary))
            .Add("MemoryCache", _ => PutAll(keys, memory))
            .Run(rounds, output);
    }

    public static void Batch(int rounds, TextWriter output)
    {
        const int Records = 10_000;
        (int, long)[] ints = [.. Enumerable.Range(0, Records).Select(i => ((int)((uint)i * 2_654_435_761u), 1L))];
        (string, long)[] strings = [.. ints.Select(record => ($"user:{record.Item1}", 1L))];
        Contests("int keys", ints);
        Contests("string keys", strings);

        void Contests<TRecord>(string keys, TRecord[] records)
            where TRecord : System.Runtime.CompilerServices.ITuple
        {
            SuperCacheEngine batched = Start(TableKind.Set);
            SuperCacheEngine single = Start(TableKind.Set);
            new Contest($"PutBatch of {Records:N0} new records against as many puts, {keys}, 1 thread", Records)
                .Add("SuperCache.PutBatch", _ => batched.PutBatch(records), batched.DeleteAll)
                .Add("SuperCache.Put", _ => PutEach(single, records), single.DeleteAll)
                .Run(rounds * 3, output);
            new Contest($"PutBatch of {Records:N0} replacing records against as many puts, {keys}, 1 thread", Records)
                .Add("SuperCache.PutBatch", _ => batched.PutBatch(records))
                .Add("SuperCache.Put", _ => PutEach(single, records))
                .Run(rounds * 3, output);
        }
    }

    public static void Lazy(int rounds, TextWriter output)
    {
        const int Records = 100_000;
        SuperCacheEngine lazy = Start(TableKind.Set);
        SuperCacheEngine eager = Start(TableKind.Set);
        new Contest($"LazyPut and the final flush against Put, {Records:N0} int keys a thread, 2 threads",
            Records * 2, threads: 2, isWallClock: true)
            .Add("SuperCache.LazyPut", thread =>
            {
                for (int i = 0; i < Records; i++)
                {
                    lazy.LazyPut((i * 2 + thread, 1L));
                }

                lazy.FlushAsync().AsTask().GetAwaiter().GetResult();
            })
            .Add("SuperCache.Put", thread =>
            {
                for (int i = 0; i < Records; i++)
                {
                    eager.Put((i * 2 + thread, 1L));
                }
            })
            .Run(rounds, output);
    }

    public static void Ordered(int rounds, TextWriter output)
    {
        int[] keys = [.. Enumerable.Range(0, Items).Select(i => (int)((uint)i * 2_654_435_761u))];
        SuperCacheEngine cache = Start(TableKind.OrderedSet);
        var sorted = new SortedDictionary<int, (int, long)>();
        var gate = new Lock();
        Action<int> put = _ => Array.ForEach(keys, key => cache.Put((key, 1L)));
        Action<int> putSorted = _ => Array.ForEach(keys, key =>
        {
            lock (gate)
            {
                sorted[key] = (key, 1L);
            }
        });
        new Contest($"OrderedSet put new, random int keys, {Items:N0} entries, 1 thread", Items)
            .Add("SuperCache OrderedSet", put, cache.DeleteAll).Add(
                "SortedDictionary under a lock", putSorted, sorted.Clear)
            .Run(Math.Min(rounds, 15), output);
        put(0);
        putSorted(0);
        int[][] order = [Zipf.Draw(Items, Items, 1), Zipf.Draw(Items, Items, 2)];
        foreach (int threads in (int[])[1, 2])
        {
            new Contest($"OrderedSet get, random int keys, {Items:N0} entries, Zipf, {threads} thread(s)",
                Items * threads, threads, isWallClock: threads > 1)
                .Add("SuperCache OrderedSet", t =>
                    Array.ForEach(order[t], i => cache.TryGet(keys[i], out (int, long) _)))
                .Add("SortedDictionary under a lock", t => Array.ForEach(order[t], i =>
                {
                    lock (gate)
                    {
                        sorted.TryGetValue(keys[i], out _);
                    }
                }))
                .Run(Math.Min(rounds, 15), output);
        }
    }

    private static SuperCacheEngine Start(TableKind kind) =>
        SuperCacheEngine.StartAsync(new SuperCacheOptions { TableKind = kind }).AsTask().GetAwaiter().GetResult();

    private static void PutEach<TRecord>(SuperCacheEngine cache, TRecord[] records)
        where TRecord : System.Runtime.CompilerServices.ITuple
    {
        foreach (TRecord record in records)
        {
            cache.Put(record);
        }
    }

    private static void PutAll(string[] keys, SuperCacheEngine cache)
    {
        foreach (string key in keys)
        {
            cache.Put((key, 1L));
        }
    }

    private static void PutAll(string[] keys, ConcurrentDictionary<string, long> dictionary)
    {
        foreach (string key in keys)
        {
            dictionary[key] = 1;
        }
    }

    private static void PutAll(string[] keys, MemoryCache cache)
    {
        foreach (string key in keys)
        {
            cache.Set(key, 1L);
        }
    }
}
