using System.Runtime.CompilerServices;
using SuperCache.Diagnostics;

namespace SuperCache;

/// <content>The writes.</content>
public sealed partial class SuperCacheEngine
{
    private bool _hasWarnedOfLazyPut;

    /// <inheritdoc/>
    public void Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple => _records.Put(record, options);

    /// <inheritdoc/>
    public ValueTask PutAsync<TRecord>(
        TRecord record, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.PutAsync(record, options, cancellationToken);
    }

    /// <inheritdoc/>
    public void PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options = null)
        where TRecord : ITuple => Wait.For(_records.PutBatchAsync(records, options, default));

    /// <inheritdoc/>
    public ValueTask PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.PutBatchAsync(records, options, cancellationToken);
    }

    /// <inheritdoc/>
    public bool Delete(ITuple template) => Wait.For(_records.DeleteAsync(template, default));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ITuple template, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.DeleteAsync(template, cancellationToken);
    }

    /// <inheritdoc/>
    public bool DeleteByKey<TKey>(TKey key)
        where TKey : notnull => _records.Delete(key, key);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteByKeyAsync<TKey>(TKey key, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.DeleteAsync(key, key, cancellationToken);
    }

    /// <inheritdoc/>
    public bool DeleteByKeyPartition<TKey, TPartition>(TKey key, TPartition partitionValue)
        where TKey : notnull
        where TPartition : notnull => _records.Delete(key, partitionValue);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.DeleteAsync(key, partitionValue, cancellationToken);
    }

    /// <inheritdoc/>
    public long DeleteByMatch(ITuple pattern, PartitionScope scope = default) =>
        Wait.For(DeleteByMatchAsync(pattern, scope));

    /// <inheritdoc/>
    public async ValueTask<long> DeleteByMatchAsync(
        ITuple pattern, PartitionScope scope = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long deleted = await _records.DeleteMatchAsync(pattern, scope, cancellationToken).ConfigureAwait(false);
        Log.RecordsDeletedByMatch(_logger, Name, deleted);
        return deleted;
    }

    /// <inheritdoc/>
    public void DeleteAll() => Wait.For(DeleteAllAsync());

    /// <inheritdoc/>
    public async ValueTask DeleteAllAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _records.DeleteAllAsync(cancellationToken).ConfigureAwait(false);
        Log.AllRecordsDeleted(_logger, Name);
    }

    /// <inheritdoc/>
    public void LazyPut<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple
    {
        if (!IsDistributed || _options.ReplicationMode != ReplicationMode.Strong)
        {
            _records.LazyPut(record, options);
            return;
        }

        if (!Interlocked.Exchange(ref _hasWarnedOfLazyPut, true))
        {
            Log.LazyPutIsPut(_logger, Name);
        }

        Put(record, options);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.FlushAsync(cancellationToken);
    }
}
