using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Caching.Memory;

namespace SuperCache.Benchmarks.Paired;

/// <summary>Reads, and reads with some puts, by key.</summary>
public static class ReadContests
{
    private const int Items = 100_000;
    private const int Reads = 400_000;

    public static void Read(int rounds, TextWriter output)
    {
        foreach (int threads in (int[])[1, 2])
        {
            Strings(threads, isMixed: false).Run(rounds, output);
            Sequential(threads).Run(rounds, output);
            Ints("random ints", RandomInt, threads, isMixed: false).Run(rounds, output);
        }
    }

    public static void Mix(int rounds, TextWriter output)
    {
        foreach (int threads in (int[])[1, 2])
        {
            Strings(threads, isMixed: true).Run(rounds, output);
            Ints("random ints", RandomInt, threads, isMixed: true).Run(rounds, output);
        }
    }

    private static int RandomInt(int i) => (int)((uint)i * 2_654_435_761u);

    private static string Title(string keys, int threads, bool isMixed) =>
        (isMixed ? "90/10 mix of reads and replacing puts" : "Read hit")
        + $", {keys}, {Items:N0} entries, Zipf {Zipf.Exponent}, {threads} thread(s)";

    private static Contest Strings(int threads, bool isMixed) =>
        Contest(Title("string keys", threads, isMixed), [.. Enumerable.Range(0, Items).Select(i =>
            $"user:{i:D7}")], threads, isMixed);

    private static Contest Ints(string name, Func<int, int> key, int threads, bool isMixed) =>
        Contest(Title(name, threads, isMixed), [.. Enumerable.Range(0, Items).Select(key)], threads, isMixed);

    private static Contest Sequential(int threads)
    {
        int[][] lookups = [.. Enumerable.Range(0, threads).Select(thread => Zipf.Draw(Items, Reads, thread + 10))];
        var array = new BareArray(Items);
        return Ints("sequential ints", i => i, threads, isMixed: false)
            .Add("bare array of versioned records", t => Check(Sum(lookups[t], array)));
    }

    private static Contest Contest<TKey>(string title, TKey[] keys, int threads, bool isMixed)
        where TKey : notnull
    {
        // The keys that are looked up are not the instances that are stored.
        int[][] order = [.. Enumerable.Range(0, threads).Select(thread => Zipf.Draw(Items, Reads, thread + 10))];
        TKey[][] lookups = [.. order.Select(o => Array.ConvertAll(o, i => Fresh(keys[i])))];
        SuperCacheEngine cache = SuperCacheEngine.StartAsync().AsTask().GetAwaiter().GetResult();
        var dictionary = new ConcurrentDictionary<TKey, long>();
        var memory = new MemoryCache(new MemoryCacheOptions());
        var lru = new ConcurrentLru<TKey, long>(Items * 2);
        foreach (TKey key in keys)
        {
            cache.Put((key, 1L));
            dictionary[key] = 1;
            memory.Set(key, 1L);
            lru.AddOrUpdate(key, 1);
        }

        ISuperCache contract = cache;
        Contest contest = new(title, (long)Reads * threads, threads);
        if (!isMixed)
        {
            return contest
                .Add("SuperCache", t => Check(Sum(lookups[t], contract)))
                .Add("ConcurrentDictionary", t => Check(Sum(lookups[t], dictionary)))
                .Add("MemoryCache", t => Check(Sum(lookups[t], memory)))
                .Add("BitFaster ConcurrentLru", t => Check(Sum(lookups[t], lru)));
        }

        return contest
            .Add("SuperCache", t =>
                Mixed(lookups[t], key => contract.TryGet(key, out (TKey, long) _), key => contract.Put((key, 1L))))
            .Add("ConcurrentDictionary", t =>
                Mixed(lookups[t], key => dictionary.TryGetValue(key, out _), key => dictionary[key] = 1))
            .Add("MemoryCache", t =>
                Mixed(lookups[t], key => memory.TryGetValue(key, out long _), key => memory.Set(key, 1L)))
            .Add("BitFaster ConcurrentLru", t =>
                Mixed(lookups[t], key => lru.TryGet(key, out _), key => lru.AddOrUpdate(key, 1)));
    }

    private static TKey Fresh<TKey>(TKey key) => key is string text ? (TKey)(object)new string(text.AsSpan()) : key;

    private static void Check(long sum)
    {
        if (sum != Reads)
        {
            throw new InvalidOperationException($"{Reads - sum} reads missed.");
        }
    }

    private static long Sum<TKey>(TKey[] keys, ISuperCache cache)
        where TKey : notnull
    {
        long sum = 0;
        foreach (TKey key in keys)
        {
            if (cache.TryGet(key, out (TKey Key, long Value) record))
            {
                sum += record.Value;
            }
        }

        return sum;
    }

    private static long Sum<TKey>(TKey[] keys, ConcurrentDictionary<TKey, long> dictionary)
        where TKey : notnull
    {
        long sum = 0;
        foreach (TKey key in keys)
        {
            if (dictionary.TryGetValue(key, out long value))
            {
                sum += value;
            }
        }

        return sum;
    }

    private static long Sum(int[] keys, BareArray array)
    {
        long sum = 0;
        foreach (int key in keys)
        {
            if (array.TryGet(key, out (int Key, long Value) record))
            {
                sum += record.Value;
            }
        }

        return sum;
    }

    private static long Sum<TKey>(TKey[] keys, MemoryCache cache)
        where TKey : notnull
    {
        long sum = 0;
        foreach (TKey key in keys)
        {
            if (cache.TryGetValue(key, out long value))
            {
                sum += value;
            }
        }

        return sum;
    }

    private static long Sum<TKey>(TKey[] keys, ConcurrentLru<TKey, long> cache)
        where TKey : notnull
    {
        long sum = 0;
        foreach (TKey key in keys)
        {
            if (cache.TryGet(key, out long value))
            {
                sum += value;
            }
        }

        return sum;
    }

    private static void Mixed<TKey>(TKey[] keys, Action<TKey> read, Action<TKey> put)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (i % 10 == 0)
            {
                put(keys[i]);
            }
            else
            {
                read(keys[i]);
            }
        }
    }
}
