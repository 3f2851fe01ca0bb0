using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using SuperCache.Caching;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>An <see cref="IMemoryCache"/> of live objects, kept in a SuperCache and never sent to another
/// node.</summary>
/// <remarks>
/// Behaves as <c>MemoryCache</c> does, with these differences, all of them on purpose: an entry without a size
/// counts 1; at the size limit
/// the least useful entry goes instead of the new one; expired entries are reclaimed by a timer within a second; the
/// size account cannot drift. Its entries share the cache's <see cref="SuperCacheOptions.SizeLimit"/>.
/// </remarks>
public sealed class SuperMemoryCache : IMemoryCache
{
    private readonly SuperCacheEngine _engine;
    private readonly CacheTable _table;
    private readonly SuperMemoryCacheOptions _options;
    private volatile bool _isDisposed;

    internal SuperMemoryCache(SuperCacheEngine engine, SuperMemoryCacheOptions options)
    {
        _engine = engine;
        _table = engine.Live;
        _options = options;
    }

    /// <summary>The number of entries, expired ones that are not reclaimed yet included.</summary>
    public int Count => IsGone
        ? 0
        : (int)Math.Min(int.MaxValue, Enumerable.Range(0, _table.PartitionCount).Sum(_table.CountOf));

    /// <summary>The keys at this moment, in no order.</summary>
    public IEnumerable<object> Keys => Entries().Select(entry => entry.Key).ToArray();

    /// <summary>Whether the cache was disposed, or the SuperCache it is in was stopped, as it is by the host.</summary>
    internal bool IsGone => _isDisposed || _table.IsClosed;

    internal TimeProvider Clock => _engine.Clock;

    internal ILogger Logger => _engine.Logger;

    internal bool TracksLinks => _options.TrackLinkedCacheEntries;

    internal bool NeedsSize => _options.RequireSize && _engine.Options.SizeLimit is not null;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryGetValue(object key, out object? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        if (!_table.TryGet(key, out (object Key, MemoryEntry Entry) record))
        {
            value = null;
            return false;
        }

        if (record.Entry.ExpiresByToken())
        {
            _engine.LiveTally.HitWasMiss();
            value = null;
            return false;
        }

        value = record.Entry.Value;
        if (TracksLinks)
        {
            record.Entry.LinkToCurrent();
        }

        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public ICacheEntry CreateEntry(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        return new MemoryEntry(this, key);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Remove(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfDisposed();
        _table.Delete(key, key);
    }

    /// <summary>Removes every entry; their callbacks are told <see cref="EvictionReason.Removed"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Clear()
    {
        ThrowIfDisposed();
        _table.DeleteAll();
    }

    /// <summary>Removes a share of the entries: expired ones, which are reclaimed anyway, count first; then go, by
    /// ascending priority, those that were read least.</summary>
    /// <param name="percentage">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <remarks>Entries of <see cref="CacheItemPriority.NeverRemove"/> stay. After the cache was disposed it does
    /// nothing.</remarks>
    public void Compact(double percentage)
    {
        if (percentage is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(percentage), percentage, $"The percentage is {percentage}; it must be between 0 and 1.");
        }

        int all = Count;
        MemoryEntry[] living = [.. Entries()];
        int count = (int)(all * percentage) - (all - living.Length);
        IEnumerable<MemoryEntry> entries = living.Where(entry => entry.Priority != CacheItemPriority.NeverRemove);
        foreach (MemoryEntry entry in entries.OrderBy(entry => entry.Priority).ThenBy(entry => entry.Reads).Take(count))
        {
            entry.Leave(RemovalReason.Evicted);
        }
    }

    /// <inheritdoc/>
    public MemoryCacheStatistics GetCurrentStatistics()
    {
        ThrowIfDisposed();
        (long hits, long misses) = _engine.LiveTally.Total();
        return new MemoryCacheStatistics
        {
            TotalHits = hits,
            TotalMisses = misses,
            CurrentEntryCount = Count,
            CurrentEstimatedSize = _engine.Options.SizeLimit is null ? null : Entries().Sum(entry => entry.Size ?? 1),
        };
    }

    /// <summary>Refuses every later call. No callback is run and no value is disposed; the SuperCache itself lives
    /// on.</summary>
    public void Dispose() => _isDisposed = true;

    /// <summary>Stores an entry that was committed; null when the cache has gone meanwhile.</summary>
    internal EntryNode? Store(MemoryEntry entry, CacheEntryOptions options)
    {
        try
        {
            return IsGone ? null : _table.Put((entry.Key, entry), options, entry);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    internal void Remove(EntryNode node, RemovalReason reason) => _table.Remove(node, reason);

    /// <summary>Removes what an entry that was never stored would have replaced.</summary>
    internal void RemovePrior(object key)
    {
        if (!IsGone && _table.TryGet(key, out (object Key, MemoryEntry Entry) prior))
        {
            prior.Entry.Leave(RemovalReason.Replaced);
        }
    }

    private IEnumerable<MemoryEntry> Entries() =>
        IsGone ? [] : _table.ToList().Select(record => ((ValueTuple<object, MemoryEntry>)record).Item2);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsGone, this);
}
