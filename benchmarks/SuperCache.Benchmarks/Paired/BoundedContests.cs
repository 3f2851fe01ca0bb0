using System.Collections.Concurrent;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;

namespace SuperCache.Benchmarks.Paired;

/// <summary>Reads of caches that are bounded and whose entries expire.</summary>
public static class BoundedContests
{
    private const int Items = 100_000;
    private const int Reads = 400_000;

    public static void Bounded(int rounds, TextWriter output)
    {
        foreach (int threads in (int[])[1, 2])
        {
            Strings(threads).Run(rounds, output);
        }
    }

    private static Contest Strings(int threads)
    {
        string[] keys = [.. Enumerable.Range(0, Items).Select(i => $"user:{i:D7}")];
        string[][] lookups = [.. Enumerable.Range(0, threads).Select(thread =>
            Array.ConvertAll(Zipf.Draw(Items, Reads, thread + 10), i => new string(keys[i].AsSpan())))];
        ISuperCache cache = SuperCacheEngine.StartAsync(new SuperCacheOptions
        {
            SizeLimit = Items * 2,
            DefaultEntryOptions = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) },
        }).AsTask().GetAwaiter().GetResult();
        var dictionary = new ConcurrentDictionary<string, long>();
        var lru = new ConcurrentTLru<string, long>(Items * 2, TimeSpan.FromHours(1));
        var lfu = new ConcurrentLfuBuilder<string, long>()
            .WithCapacity(Items * 2).WithExpireAfterWrite(TimeSpan.FromHours(1)).Build();
        foreach (string key in keys)
        {
            cache.Put((key, 1L));
            dictionary[key] = 1;
            lru.AddOrUpdate(key, 1);
            lfu.AddOrUpdate(key, 1);
        }

        string title = $"Read hit, bounded and expiring, string keys, {Items:N0} entries, Zipf {Zipf.Exponent}, "
            + $"{threads} thread(s)";
        return new Contest(title, (long)Reads * threads, threads)
            .Add("SuperCache", t => Read(lookups[t], key => cache.TryGet(key, out (string, long) _)))
            .Add("ConcurrentDictionary, neither", t => Read(lookups[t], key => dictionary.TryGetValue(key, out _)))
            .Add("BitFaster ConcurrentTLru", t => Read(lookups[t], key => lru.TryGet(key, out _)))
            .Add("BitFaster ConcurrentTLfu", t => Read(lookups[t], key => lfu.TryGet(key, out _)));
    }

    private static void Read(string[] keys, Func<string, bool> find)
    {
        int found = 0;
        foreach (string key in keys)
        {
            found += find(key) ? 1 : 0;
        }

        if (found != keys.Length)
        {
            throw new InvalidOperationException($"{keys.Length - found} reads missed.");
        }
    }
}
