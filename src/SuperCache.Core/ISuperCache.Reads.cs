using System.Runtime.CompilerServices;

namespace SuperCache;

/// <content>The reads.</content>
public partial interface ISuperCache
{
    /// <summary>Finds the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions; what else it
    /// holds is not looked at.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is
    /// null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Allocates the list and a box for each record; <c>TryGet</c> does not. Source: <c>get!/2</c>.</remarks>
    IReadOnlyList<ITuple> Get(ITuple template, ReadMode? mode = null);

    /// <summary>Finds the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions; what else it
    /// holds is not looked at.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is
    /// null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<ITuple>> GetAsync(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the records of one type whose key is that of a template.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="template">As in the other form.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is
    /// null.</exception>
    /// <exception cref="RecordTypeException">A record under the key is not a <typeparamref name="TRecord"/>; the
    /// message names both types.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    IReadOnlyList<TRecord> Get<TRecord>(ITuple template, ReadMode? mode = null)
        where TRecord : ITuple;

    /// <summary>Finds the records of one type whose key is that of a template.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="template">As in the other form.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is
    /// null.</exception>
    /// <exception cref="RecordTypeException">A record under the key is not a <typeparamref name="TRecord"/>; the
    /// message names both types.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<TRecord>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Finds the record of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="record">The record, the first one in a bag; the type's default when there is none.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordTypeException">A record under the key is not a <typeparamref name="TRecord"/>; the
    /// message names both types.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>The fast path: no lock, and no allocation for any kind of key. The member is not virtual because a
    /// generic interface call costs more than the read itself; an implementation other than
    /// <see cref="SuperCacheEngine"/> is asked through <see cref="GetByKey{TKey}"/>.</remarks>
    [SkipLocalsInit]
    sealed bool TryGet<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode = null)
        where TKey : notnull
        where TRecord : ITuple
    {
        if (this is SuperCacheEngine engine)
        {
            // In two steps: from a hit in the first the compiler jumps to where its caller goes on with one.
            if (mode is null && engine.TryGetDirectly(key, out record))
            {
                return true;
            }

            return engine.TryGetByHash(key, out record, mode);
        }

        // Apart, and not into the caller's own: it would be in the way of the read above.
        bool isThere = TryGetByKey(key, mode, out TRecord found);
        record = found;
        return isThere;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetByKey<TKey, TRecord>(TKey key, ReadMode? mode, out TRecord record)
        where TKey : notnull
        where TRecord : ITuple
    {
        IReadOnlyList<ITuple> found = GetByKey(key, mode);
        record = found.Count == 0 ? default! : RecordTypes.Cast<TRecord>(found[0]);
        return found.Count != 0;
    }

    /// <summary>Finds the record of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Whether there is one, and the record, the first one in a bag.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordTypeException">A record under the key is not a <typeparamref name="TRecord"/>; the
    /// message names both types.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<(bool Found, TRecord Record)> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TRecord : ITuple;

    /// <summary>Finds the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>get_same_key_partition!/2</c>.</remarks>
    IReadOnlyList<ITuple> GetByKey<TKey>(TKey key, ReadMode? mode = null)
        where TKey : notnull;

    /// <summary>Finds the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<ITuple>> GetByKeyAsync<TKey>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull;

    /// <summary>Finds the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>get_by_key_partition!/3</c>.</remarks>
    IReadOnlyList<ITuple> GetByKeyPartition<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Finds the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<ITuple>> GetByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Finds the records that match a pattern and returns what its variables bind.</summary>
    /// <param name="pattern">Values and the placeholders of <see cref="Match"/>; matches records of its own
    /// length.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>An array for each record: the bound values by ascending variable.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>A pattern whose key is a value reads that key only, others every record. Source: ETS
    /// <c>match/2</c>.</remarks>
    IReadOnlyList<object?[]> GetByMatch(ITuple pattern, PartitionScope scope = default, ReadMode? mode = null);

    /// <summary>Finds the records that match a pattern and returns what its variables bind.</summary>
    /// <param name="pattern">Values and the placeholders of <see cref="Match"/>; matches records of its own
    /// length.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>An array for each record: the bound values by ascending variable.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<object?[]>> GetByMatchAsync(ITuple pattern,
        PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>The records.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: ETS <c>match_object/2</c>.</remarks>
    IReadOnlyList<ITuple> GetByMatchObject(ITuple pattern, PartitionScope scope = default, ReadMode? mode = null);

    /// <summary>Finds the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>The records.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<ITuple>> GetByMatchObjectAsync(ITuple pattern,
        PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Folds over this node's records.</summary>
    /// <typeparam name="TAccumulate">The type of what is carried along.</typeparam>
    /// <param name="seed">What the fold starts with.</param>
    /// <param name="fold">Takes what was carried and a record. May use the cache; what it throws reaches the
    /// caller.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <returns>What the last fold returned; the seed when there is no record.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Weakly consistent: a record that is there for the whole scan is visited exactly once; one that comes
    /// or goes meanwhile may be. In an ordered set by ascending key within a partition. Source: ETS
    /// <c>foldl/3</c>.</remarks>
    TAccumulate Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope = default);
}
