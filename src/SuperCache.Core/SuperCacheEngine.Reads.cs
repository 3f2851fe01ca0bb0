using System.Runtime.CompilerServices;

namespace SuperCache;

/// <content>The reads.</content>
public sealed partial class SuperCacheEngine
{
    /// <inheritdoc cref="ISuperCache.TryGet{TKey, TRecord}"/>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode = null)
        where TKey : notnull
        where TRecord : ITuple =>
        (mode is null && TryGetDirectly(key, out record)) || TryGetByHash(key, out record, mode);

    /// <summary>Copies out a record that is shown by number, for a read in the default mode.</summary>
    /// <returns>False if there is none: that says nothing of the key.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGetDirectly<TKey, TRecord>(TKey key, out TRecord record) => _direct.TryGet(key, out record);

    /// <summary>The same as <c>TryGet</c>, for what is not.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGetByHash<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode)
        where TKey : notnull
        where TRecord : ITuple
    {
        if (mode is null || _seat is null)
        {
            return _records.TryGet(key, out record);
        }

        // Not into the caller's own: what has an address is kept in memory, also where it was read without a call.
        bool isThere = _records.TryGet(key, mode, out TRecord found);
        record = found;
        return isThere;
    }

    /// <inheritdoc/>
    public ValueTask<(bool Found, TRecord Record)> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.TryGetAsync<TKey, TRecord>(key, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> Get(ITuple template, ReadMode? mode = null) =>
        Wait.For(_records.GetAsync<ITuple>(template, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetAsync(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.GetAsync<ITuple>(template, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TRecord> Get<TRecord>(ITuple template, ReadMode? mode = null)
        where TRecord : ITuple => Wait.For(_records.GetAsync<TRecord>(template, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TRecord>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.GetAsync<TRecord>(template, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByKey<TKey>(TKey key, ReadMode? mode = null)
        where TKey : notnull => Wait.For(_records.GetAsync(key, key, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByKeyAsync<TKey>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.GetAsync(key, key, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByKeyPartition<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null)
        where TKey : notnull
        where TPartition : notnull => Wait.For(_records.GetAsync(key, partitionValue, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.GetAsync(key, partitionValue, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<object?[]> GetByMatch(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) =>
        Wait.For(_records.MatchAsync(pattern, scope, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<object?[]>> GetByMatchAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.MatchAsync(pattern, scope, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ITuple> GetByMatchObject(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null) =>
        Wait.For(_records.MatchObjectAsync(pattern, scope, mode, default));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ITuple>> GetByMatchObjectAsync(
        ITuple pattern,
            PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _records.MatchObjectAsync(pattern, scope, mode, cancellationToken);
    }

    /// <inheritdoc/>
    public TAccumulate Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope = default) =>
        _records.Scan(seed, fold, scope);
}
