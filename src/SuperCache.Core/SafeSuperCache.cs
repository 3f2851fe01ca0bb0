using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SuperCache.Diagnostics;

namespace SuperCache;

/// <summary>Runs the operations of a cache and returns what they throw as a result.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The error is the result.")]
internal sealed class SafeSuperCache(ISuperCache cache, ILogger logger) : ISafeSuperCache
{
    public CacheResult Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple =>
        Try(nameof(Put), () => cache.Put<TRecord>(record, options));

    public ValueTask<CacheResult> PutAsync<TRecord>(
        TRecord record, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple =>
        TryAsync(nameof(PutAsync), () => cache.PutAsync<TRecord>(record, options, cancellationToken));

    public CacheResult PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options = null)
        where TRecord : ITuple =>
        Try(nameof(PutBatch), () => cache.PutBatch<TRecord>(records, options));

    public ValueTask<CacheResult> PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple =>
        TryAsync(nameof(PutBatchAsync), () => cache.PutBatchAsync<TRecord>(records, options, cancellationToken));

    public CacheResult LazyPut<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple =>
        Try(nameof(LazyPut), () => cache.LazyPut<TRecord>(record, options));

    public ValueTask<CacheResult> FlushAsync(CancellationToken cancellationToken = default) =>
        TryAsync(nameof(FlushAsync), () => cache.FlushAsync(cancellationToken));

    public CacheResult<IReadOnlyList<ITuple>> Get(ITuple template, ReadMode? mode = null) =>
        Try(nameof(Get), () => cache.Get(template, mode));

    public ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetAsync(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default) =>
        TryAsync(nameof(GetAsync), () => cache.GetAsync(template, mode, cancellationToken));

    public CacheResult<IReadOnlyList<TRecord>> Get<TRecord>(ITuple template, ReadMode? mode = null)
        where TRecord : ITuple =>
        Try(nameof(Get), () => cache.Get<TRecord>(template, mode));

    public ValueTask<CacheResult<IReadOnlyList<TRecord>>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple =>
        TryAsync(nameof(GetAsync), () => cache.GetAsync<TRecord>(template, mode, cancellationToken));

    public CacheResult<bool> TryGet<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode = null)
        where TKey : notnull
        where TRecord : ITuple
    {
        TRecord found = default!;
        CacheResult<bool> result = Try(nameof(TryGet), () => cache.TryGet(key, out found, mode));
        record = found;
        return result;
    }

    public ValueTask<CacheResult<(bool Found, TRecord Record)>> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TRecord : ITuple =>
        TryAsync(nameof(TryGetAsync), () => cache.TryGetAsync<TKey, TRecord>(key, mode, cancellationToken));

    public CacheResult<IReadOnlyList<ITuple>> GetByKey<TKey>(TKey key, ReadMode? mode = null)
        where TKey : notnull =>
        Try(nameof(GetByKey), () => cache.GetByKey<TKey>(key, mode));

    public ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByKeyAsync<TKey>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull =>
        TryAsync(nameof(GetByKeyAsync), () => cache.GetByKeyAsync<TKey>(key, mode, cancellationToken));

    public CacheResult<IReadOnlyList<ITuple>> GetByKeyPartition<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null)
        where TKey : notnull
        where TPartition : notnull =>
        Try(nameof(GetByKeyPartition), () => cache.GetByKeyPartition<TKey, TPartition>(key, partitionValue, mode));

    public ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull =>
        TryAsync(nameof(GetByKeyPartitionAsync), () =>
            cache.GetByKeyPartitionAsync<TKey, TPartition>(key, partitionValue, mode, cancellationToken));

    public CacheResult<IReadOnlyList<object?[]>> GetByMatch(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) =>
        Try(nameof(GetByMatch), () => cache.GetByMatch(pattern, scope, mode));

    public ValueTask<CacheResult<IReadOnlyList<object?[]>>> GetByMatchAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default) =>
        TryAsync(nameof(GetByMatchAsync), () => cache.GetByMatchAsync(pattern, scope, mode, cancellationToken));

    public CacheResult<IReadOnlyList<ITuple>> GetByMatchObject(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) =>
        Try(nameof(GetByMatchObject), () => cache.GetByMatchObject(pattern, scope, mode));

    public ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByMatchObjectAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default) =>
        TryAsync(nameof(GetByMatchObjectAsync), () =>
            cache.GetByMatchObjectAsync(pattern, scope, mode, cancellationToken));

    public CacheResult<TAccumulate> Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope = default) =>
        Try(nameof(Scan), () => cache.Scan<TAccumulate>(seed, fold, scope));

    public CacheResult<bool> Delete(ITuple template) =>
        Try(nameof(Delete), () => cache.Delete(template));

    public ValueTask<CacheResult<bool>> DeleteAsync(ITuple template, CancellationToken cancellationToken = default) =>
        TryAsync(nameof(DeleteAsync), () => cache.DeleteAsync(template, cancellationToken));

    public CacheResult<bool> DeleteByKey<TKey>(TKey key)
        where TKey : notnull =>
        Try(nameof(DeleteByKey), () => cache.DeleteByKey<TKey>(key));

    public ValueTask<CacheResult<bool>> DeleteByKeyAsync<TKey>(
        TKey key, CancellationToken cancellationToken = default)
        where TKey : notnull =>
        TryAsync(nameof(DeleteByKeyAsync), () => cache.DeleteByKeyAsync<TKey>(key, cancellationToken));

    public CacheResult<bool> DeleteByKeyPartition<TKey, TPartition>(TKey key, TPartition partitionValue)
        where TKey : notnull
        where TPartition : notnull =>
        Try(nameof(DeleteByKeyPartition), () => cache.DeleteByKeyPartition<TKey, TPartition>(key, partitionValue));

    public ValueTask<CacheResult<bool>> DeleteByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull =>
        TryAsync(nameof(DeleteByKeyPartitionAsync), () =>
            cache.DeleteByKeyPartitionAsync<TKey, TPartition>(key, partitionValue, cancellationToken));

    public CacheResult<long> DeleteByMatch(ITuple pattern, PartitionScope scope = default) =>
        Try(nameof(DeleteByMatch), () => cache.DeleteByMatch(pattern, scope));

    public ValueTask<CacheResult<long>> DeleteByMatchAsync(
        ITuple pattern, PartitionScope scope = default, CancellationToken cancellationToken = default) =>
        TryAsync(nameof(DeleteByMatchAsync), () => cache.DeleteByMatchAsync(pattern, scope, cancellationToken));

    public CacheResult DeleteAll() =>
        Try(nameof(DeleteAll), () => cache.DeleteAll());

    public ValueTask<CacheResult> DeleteAllAsync(CancellationToken cancellationToken = default) =>
        TryAsync(nameof(DeleteAllAsync), () => cache.DeleteAllAsync(cancellationToken));

    public CacheResult<CacheStatistics> GetStatistics() => Try(nameof(GetStatistics), cache.GetStatistics);

    public ValueTask<CacheResult<ClusterStatistics>> GetClusterStatisticsAsync(
        CancellationToken cancellationToken = default) =>
        TryAsync(nameof(GetClusterStatisticsAsync), () => cache.GetClusterStatisticsAsync(cancellationToken));

    private CacheResult Try(string operation, Action action)
    {
        try
        {
            action();
            return CacheResult.Success;
        }
        catch (Exception error)
        {
            return CacheResult.Failure(Logged(operation, error));
        }
    }

    private CacheResult<T> Try<T>(string operation, Func<T> action)
    {
        try
        {
            return CacheResult<T>.Success(action());
        }
        catch (Exception error)
        {
            return CacheResult<T>.Failure(Logged(operation, error));
        }
    }

    private async ValueTask<CacheResult> TryAsync(string operation, Func<ValueTask> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return CacheResult.Success;
        }
        catch (Exception error)
        {
            return CacheResult.Failure(Logged(operation, error));
        }
    }

    private async ValueTask<CacheResult<T>> TryAsync<T>(string operation, Func<ValueTask<T>> action)
    {
        try
        {
            return CacheResult<T>.Success(await action().ConfigureAwait(false));
        }
        catch (Exception error)
        {
            return CacheResult<T>.Failure(Logged(operation, error));
        }
    }

    private Exception Logged(string operation, Exception error)
    {
        Log.SafeOperationFailed(logger, operation, cache.Name, error.GetType().Name);
        return error;
    }
}
