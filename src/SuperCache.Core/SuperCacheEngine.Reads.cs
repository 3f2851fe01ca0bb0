using System.Runtime.CompilerServices;

namespace SuperCache;

/// <content>The reads.</content>
public sealed partial class SuperCacheEngine
{
    /// <inheritdoc cref="ISuperCache.TryGet{TKey, TRecord}"/>
    public bool TryGet<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode = null)
        where TKey : notnull
        where TRecord : ITuple => _records.TryGet(key, out record);

    /// <inheritdoc/>
    public ValueTask<(bool Found, TRecord Record)> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool found = TryGet(key, out TRecord record, mode);
        return ValueTask.FromResult((found, record));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> Get(ITuple template, ReadMode? mode = null) => _records.Get<ITuple>(template);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetAsync(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Get(template, mode));
    }

    /// <inheritdoc/>
    public IReadOnlyList<TRecord> Get<TRecord>(ITuple template, ReadMode? mode = null)
        where TRecord : ITuple => _records.Get<TRecord>(template);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TRecord>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Get<TRecord>(template, mode));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByKey<TKey>(TKey key, ReadMode? mode = null)
        where TKey : notnull => _records.Get(key, key);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByKeyAsync<TKey>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(GetByKey<TKey>(key, mode));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByKeyPartition<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null)
        where TKey : notnull
        where TPartition : notnull => _records.Get(key, partitionValue);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(GetByKeyPartition<TKey, TPartition>(key, partitionValue, mode));
    }

    /// <inheritdoc/>
    public IReadOnlyList<object?[]> GetByMatch(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) => _records.Match(pattern, scope);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<object?[]>> GetByMatchAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(GetByMatch(pattern, scope, mode));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByMatchObject(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) => _records.MatchObject(pattern, scope);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByMatchObjectAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(GetByMatchObject(pattern, scope, mode));
    }

    /// <inheritdoc/>
    public TAccumulate Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope = default) =>
        _records.Scan(seed, fold, scope);
}
