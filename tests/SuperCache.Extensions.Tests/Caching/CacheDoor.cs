using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>The members through which one and the same thing can be asked of a distributed cache.</summary>
public enum DoorKind
{
    Sync,
    Async,
    BufferSync,
    BufferAsync,
}

/// <summary>One way into a distributed cache, so that every claim is tested through each of its doors.</summary>
public sealed class CacheDoor(IDistributedCache cache, DoorKind kind)
{
    private IBufferDistributedCache Buffered => (IBufferDistributedCache)cache;

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        switch (kind)
        {
            case DoorKind.Sync:
                return cache.Get(key);
            case DoorKind.Async:
                return await cache.GetAsync(key, token);
            default:
                var writer = new ArrayBufferWriter<byte>();
                bool found = kind == DoorKind.BufferSync
                    ? Buffered.TryGet(key, writer)
                    : await Buffered.TryGetAsync(key, writer, token);
                return found ? writer.WrittenSpan.ToArray() : null;
        }
    }

    public async Task SetAsync(
        string key, byte[] value, DistributedCacheEntryOptions? options = null, CancellationToken token = default)
    {
        options ??= new DistributedCacheEntryOptions();
        switch (kind)
        {
            case DoorKind.Sync:
                cache.Set(key, value, options);
                break;
            case DoorKind.Async:
                await cache.SetAsync(key, value, options, token);
                break;
            case DoorKind.BufferSync:
                Buffered.Set(key, new ReadOnlySequence<byte>(value), options);
                break;
            default:
                await Buffered.SetAsync(key, new ReadOnlySequence<byte>(value), options, token);
                break;
        }
    }

    public async Task RefreshAsync(string key, CancellationToken token = default)
    {
        if (kind is DoorKind.Sync or DoorKind.BufferSync)
        {
            cache.Refresh(key);
        }
        else
        {
            await cache.RefreshAsync(key, token);
        }
    }

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        if (kind is DoorKind.Sync or DoorKind.BufferSync)
        {
            cache.Remove(key);
        }
        else
        {
            await cache.RemoveAsync(key, token);
        }
    }
}
