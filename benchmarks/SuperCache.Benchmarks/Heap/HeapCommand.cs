using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Caching.Memory;

namespace SuperCache.Benchmarks.Heap;

/// <summary>Measures what an entry costs on the heap beyond its key and its value: string keys, 16-byte values.</summary>
internal static class HeapCommand
{
    public static void Run(int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(i => "product:" + i.ToString("D8"))];
        byte[][] values = [.. keys.Select(_ => new byte[16])];
        var results = new List<(string Name, double Bytes)>
        {
            ("SuperCache", Measure(count, () => Fill(new SuperCacheEngine(new SuperCacheOptions()), keys, values, null))),
            ("SuperCache, expiring", Measure(count, () => Fill(
                new SuperCacheEngine(new SuperCacheOptions()),
                keys,
                values,
                new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) }))),
            ("SuperCache, bounded", Measure(count, () => Fill(
                new SuperCacheEngine(new SuperCacheOptions { SizeLimit = count }), keys, values, null))),
            ("ConcurrentDictionary", Measure(count, () =>
            {
                var cache = new ConcurrentDictionary<string, byte[]>();
                For(keys, i => cache[keys[i]] = values[i]);
                return cache;
            })),
            ("MemoryCache", Measure(count, () =>
            {
                var cache = new MemoryCache(new MemoryCacheOptions());
                For(keys, i => cache.Set(keys[i], values[i]));
                return cache;
            })),
            ("ConcurrentLru", Measure(count, () =>
            {
                var cache = new ConcurrentLru<string, byte[]>(count * 2);
                For(keys, i => cache.AddOrUpdate(keys[i], values[i]));
                return cache;
            })),
        };
        double memoryCache = results.Single(r => r.Name == "MemoryCache").Bytes;
        Console.WriteLine("| cache | bytes an entry, key and value excluded | with key and value, ÷ MemoryCache |");
        Console.WriteLine("|---|---|---|");

        // A 16-character string takes 56 bytes, a 16-byte array 40.
        const double Payload = 56 + 40;
        foreach ((string name, double bytes) in results)
        {
            Console.WriteLine($"| {name} | {bytes:F1} | {(bytes + Payload) / (memoryCache + Payload):F2} ({bytes / memoryCache:F2} without) |");
        }
    }

    private static SuperCacheEngine Fill(SuperCacheEngine cache, string[] keys, byte[][] values, CacheEntryOptions? options)
    {
        For(keys, i => cache.Put((keys[i], values[i]), options));
        return cache;
    }

    private static void For(string[] keys, Action<int> action)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            action(i);
        }
    }

    private static double Measure(int count, Func<object> fill)
    {
        long before = Settle();
        object cache = fill();
        long after = Settle();
        GC.KeepAlive(cache);
        return (after - before) / (double)count;
    }

    private static long Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
