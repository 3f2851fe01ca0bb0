using System.Collections.Concurrent;
using System.Globalization;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace SuperCache.Benchmarks.Classes;

/// <summary>What each peer is asked to do.</summary>
/// <remarks>Many reads are one call, so that a peer's own is not hidden behind that of the interface.</remarks>
public interface IPeer<TKey> : IDisposable
{
    void Put(TKey key, long value);

    /// <summary>The value, or 0.</summary>
    long Get(TKey key);

    /// <summary>Adds up the values of all keys.</summary>
    long GetAll(TKey[] keys);
}

/// <summary>Makes the peers by name.</summary>
public static class Peers
{
    public static IPeer<TKey> Create<TKey>(string name, int capacity)
        where TKey : notnull => name switch
        {
            "SuperCache" => new SuperCachePeer<TKey>(),
            "ConcurrentDictionary" => new DictionaryPeer<TKey>(),
            "MemoryCache" => new MemoryCachePeer<TKey>(),
            "ConcurrentLru" => new BitFasterPeer<TKey>(new ConcurrentLru<TKey, long>(capacity)),
            "ConcurrentTLfu" => new BitFasterPeer<TKey>(new BitFaster.Caching.Lfu.ConcurrentLfuBuilder<TKey, long>()
                .WithCapacity(capacity).WithExpireAfterWrite(TimeSpan.FromHours(1)).Build()),
            "MemoryDistributedCache" => new DistributedPeer<TKey>(),
            "FusionCache" => new FusionPeer<TKey>(),
            _ => throw new ArgumentException($"There is no peer {name}.", nameof(name)),
        };

    private static string Text<TKey>(TKey key) => key as string ?? Convert.ToString(key, CultureInfo.InvariantCulture)!;

    private abstract class Peer<TKey> : IPeer<TKey>
    {
        public abstract void Put(TKey key, long value);

        public abstract long Get(TKey key);

        public virtual long GetAll(TKey[] keys)
        {
            long sum = 0;
            foreach (TKey key in keys)
            {
                sum += Get(key);
            }

            return sum;
        }

        public virtual void Dispose()
        {
        }
    }

    private sealed class SuperCachePeer<TKey> : Peer<TKey>
        where TKey : notnull
    {
        private readonly SuperCacheEngine _cache = SuperCacheEngine.StartAsync().AsTask().GetAwaiter().GetResult();

        public override void Put(TKey key, long value) => _cache.Put((key, value));

        public override long Get(TKey key) => _cache.TryGet(key, out (TKey, long Value) record) ? record.Value : 0;

        public override void Dispose() => _cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class DictionaryPeer<TKey> : Peer<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentDictionary<TKey, long> _dictionary = new();

        public override void Put(TKey key, long value) => _dictionary[key] = value;

        public override long Get(TKey key) => _dictionary.GetValueOrDefault(key);
    }

    private sealed class MemoryCachePeer<TKey> : Peer<TKey>
        where TKey : notnull
    {
        private readonly MemoryCache _cache = new(new MemoryCacheOptions());

        public override void Put(TKey key, long value) => _cache.Set(key, value);

        public override long Get(TKey key) => _cache.TryGetValue(key, out long value) ? value : 0;

        public override void Dispose() => _cache.Dispose();
    }

    private sealed class BitFasterPeer<TKey>(ICache<TKey, long> cache) : Peer<TKey>
        where TKey : notnull
    {
        public override void Put(TKey key, long value) => cache.AddOrUpdate(key, value);

        public override long Get(TKey key) => cache.TryGet(key, out long value) ? value : 0;
    }

    /// <summary>Its keys are strings and its values bytes; both are part of its use.</summary>
    private sealed class DistributedPeer<TKey> : Peer<TKey>
    {
        private readonly MemoryDistributedCache _cache =
            new(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = long.MaxValue }));

        public override void Put(TKey key, long value) => _cache.Set(Text(key), BitConverter.GetBytes(value));

        public override long Get(TKey key) => _cache.Get(Text(key)) is { } bytes ? BitConverter.ToInt64(bytes) : 0;
    }

    private sealed class FusionPeer<TKey> : Peer<TKey>
    {
        private readonly FusionCache _cache = new(new FusionCacheOptions());

        public override void Put(TKey key, long value) => _cache.Set(Text(key), value);

        public override long Get(TKey key) => _cache.GetOrDefault<long>(Text(key));

        public override void Dispose() => _cache.Dispose();
    }
}
