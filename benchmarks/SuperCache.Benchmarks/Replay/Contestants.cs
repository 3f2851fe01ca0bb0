using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using Microsoft.Extensions.Caching.Memory;

namespace SuperCache.Benchmarks.Replay;

/// <summary>The caches whose hit ratios are compared: each answers whether a key was there, and holds it afterwards.</summary>
internal static class Contestants
{
    public static IReadOnlyList<(string Name, Func<int, Func<int, bool>> Create)> All { get; } =
    [
        ("SuperCache", SuperCache),
        ("ConcurrentTLfu", TLfu),
        ("ConcurrentLfu", Lfu),
        ("ConcurrentLru", Lru),
        ("MemoryCache", Memory),
    ];

    private static Func<int, bool> SuperCache(int capacity)
    {
        ISuperCache cache = new SuperCacheEngine(new SuperCacheOptions { SizeLimit = capacity });
        return key =>
        {
            if (cache.TryGet(key, out (int, int) _))
            {
                return true;
            }

            cache.Put((key, key));
            return false;
        };
    }

    private static Func<int, bool> TLfu(int capacity)
    {
        // Maintenance runs in the caller, so that the figure is the policy's and not the scheduler's.
        var cache = new ConcurrentLfuBuilder<int, int>()
            .WithCapacity(capacity)
            .WithConcurrencyLevel(1)
            .WithScheduler(new ForegroundScheduler())
            .WithExpireAfterWrite(TimeSpan.FromDays(1))
            .Build();
        return key => GetOrAdd(key, k => cache.TryGet(k, out _), k => cache.AddOrUpdate(k, k));
    }

    private static Func<int, bool> Lfu(int capacity)
    {
        var cache = new ConcurrentLfu<int, int>(1, capacity, new ForegroundScheduler(), EqualityComparer<int>.Default);
        return key => GetOrAdd(key, k => cache.TryGet(k, out _), k => cache.AddOrUpdate(k, k));
    }

    private static Func<int, bool> Lru(int capacity)
    {
        var cache = new ConcurrentLru<int, int>(1, Math.Max(3, capacity), EqualityComparer<int>.Default);
        return key => GetOrAdd(key, k => cache.TryGet(k, out _), k => cache.AddOrUpdate(k, k));
    }

    private static Func<int, bool> Memory(int capacity)
    {
        var cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = capacity });
        return key => GetOrAdd(
            key,
            k => cache.TryGetValue(k, out _),
            k => cache.Set(k, k, new MemoryCacheEntryOptions { Size = 1 }));
    }

    private static bool GetOrAdd(int key, Func<int, bool> find, Action<int> add)
    {
        bool found = find(key);
        if (!found)
        {
            add(key);
        }

        return found;
    }
}
