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
        Put<TRecord>(record, options);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options = null)
        where TRecord : ITuple => _records.PutBatch(records, options);

    /// <inheritdoc/>
    public ValueTask PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        PutBatch<TRecord>(records, options);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool Delete(ITuple template) => _records.Delete(template);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ITuple template, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Delete(template));
    }

    /// <inheritdoc/>
    public bool DeleteByKey<TKey>(TKey key)
        where TKey : notnull => _records.Delete(key, key);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteByKeyAsync<TKey>(TKey key, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(DeleteByKey<TKey>(key));
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
        return ValueTask.FromResult(DeleteByKeyPartition<TKey, TPartition>(key, partitionValue));
    }

    /// <inheritdoc/>
    public long DeleteByMatch(ITuple pattern, PartitionScope scope = default)
    {
        long deleted = _records.DeleteMatch(pattern, scope);
        Log.RecordsDeletedByMatch(_logger, Name, deleted);
        return deleted;
    }

    /// <inheritdoc/>
    public ValueTask<long> DeleteByMatchAsync(
        ITuple pattern, PartitionScope scope = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(DeleteByMatch(pattern, scope));
    }

    /// <inheritdoc/>
    public void DeleteAll()
    {
        _records.DeleteAll();
        Log.AllRecordsDeleted(_logger, Name);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAllAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DeleteAll();
        return ValueTask.CompletedTask;
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
        _records.Flush();
        return ValueTask.CompletedTask;
    }
}
