using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace SuperCache.Caching;

/// <summary>Microsoft's distributed cache, spoken in records (string key, byte[] value) of the engine's own table for
/// it.</summary>
/// <remarks>
/// <para>Copies in and copies out: a stored array is never seen by a caller, in either direction, and never
/// changed.</para>
/// <para>Of several expirations the earliest deadline wins; parts of a second count. Reading and refreshing start a
/// sliding one again. A deadline that has passed is refused with <see cref="ArgumentOutOfRangeException"/> and the
/// existing entry stays, as with Redis; <c>MemoryDistributedCache</c> would remove it. Options are read, never
/// changed: Microsoft's extension methods share frozen ones.</para>
/// <para>Arguments are checked first, then the token, then whether the cache still is. The asynchronous members
/// complete synchronously unless another node of a cluster has to be asked; the synchronous ones wait only then.
/// Mistakes in arguments throw before a task exists.</para>
/// </remarks>
/// <param name="engine">The cache.</param>
internal sealed class RecordDistributedCache(SuperCacheEngine engine) : IBufferDistributedCache
{
    /// <summary>What HybridCache writes for its tags: small, and worth more than any data, since losing one revives
    /// what it invalidated.</summary>
    private const string HybridTagPrefix = "__MSFT_HCT__";

    private readonly CacheTable _table = engine.Bytes;

    /// <inheritdoc/>
    public byte[]? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return TryFind(key, out byte[] value) ? value.AsSpan().ToArray() : null;
    }

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return token.IsCancellationRequested ? Task.FromCanceled<byte[]?>(token) : FindAsync(key, token);

        async Task<byte[]?> FindAsync(string key, CancellationToken token)
        {
            (bool found, (string Key, byte[] Value) record) = await TryFindAsync(key, token).ConfigureAwait(false);
            return found ? record.Value.AsSpan().ToArray() : null;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        if (!TryFind(key, out byte[] value))
        {
            return false;
        }

        destination.Write(value);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        return token.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(token)
            : WriteAsync(key, destination, token);

        async ValueTask<bool> WriteAsync(string key, IBufferWriter<byte> destination, CancellationToken token)
        {
            (bool found, (string Key, byte[] Value) record) = await TryFindAsync(key, token).ConfigureAwait(false);
            if (found)
            {
                destination.Write(record.Value);
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        Store(key, value.AsSpan().ToArray(), options);
    }

    /// <inheritdoc/>
    public Task SetAsync(
        string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        return StoreAsync(key, value.AsSpan().ToArray(), options, token).AsTask();
    }

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        Store(key, value.ToArray(), options);
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(
        string key,
        ReadOnlySequence<byte> value,
        DistributedCacheEntryOptions options,
        CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(token);
        }

        return StoreAsync(key, value.ToArray(), options, token);
    }

    /// <inheritdoc/>
    public void Refresh(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        TryFind(key, out _);
    }

    /// <inheritdoc/>
    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        return TryFindAsync(key, token).AsTask();
    }

    /// <inheritdoc/>
    public void Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _table.Delete(key, key);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        return _table.DeleteAsync(key, key, token).AsTask();
    }

    /// <summary>Finds the stored array, which must not leave this class, and starts a sliding expiration
    /// again.</summary>
    private bool TryFind(string key, out byte[] value)
    {
        bool found = _table.TryGet(key, out (string Key, byte[] Value) record);
        value = record.Value;
        return found;
    }

    private ValueTask<(bool Found, (string Key, byte[] Value) Record)> TryFindAsync(
        string key, CancellationToken token) =>
        _table.TryGetAsync<string, (string Key, byte[] Value)>(key, null, token);

    private void Store(string key, byte[] ownValue, DistributedCacheEntryOptions options) =>
        _table.Put((key, ownValue), TermsOf(key, options));

    private ValueTask StoreAsync(
        string key, byte[] ownValue, DistributedCacheEntryOptions options, CancellationToken token) =>
        _table.PutAsync((key, ownValue), TermsOf(key, options), token);

    private static CacheEntryOptions TermsOf(string key, DistributedCacheEntryOptions options) => new()
    {
        AbsoluteExpiration = options.AbsoluteExpiration,
        AbsoluteExpirationRelativeToNow = options.AbsoluteExpirationRelativeToNow,
        SlidingExpiration = options.SlidingExpiration,
        Priority = key.StartsWith(HybridTagPrefix, StringComparison.Ordinal)
            ? CacheEntryPriority.High
            : CacheEntryPriority.Normal,
    };
}
