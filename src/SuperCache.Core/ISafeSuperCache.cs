using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>The operations of <see cref="ISuperCache"/> in a form that reports errors instead of throwing
/// them.</summary>
/// <remarks>Each member does what its namesake does. What an operation can report, wrong arguments included, comes
/// back in the
/// result and is logged; nothing is thrown. Source: the functions without <c>!</c> of the original.</remarks>
public interface ISafeSuperCache
{

    /// <summary>Stores a record in the partition chosen by its partition value.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">Longer than both positions. Kept as it is; do not change what it refers to.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <returns>Done, or the error.</returns>
    CacheResult Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Stores a record in the partition chosen by its partition value.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">Longer than both positions. Kept as it is; do not change what it refers to.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Done, or the error.</returns>
    ValueTask<CacheResult> PutAsync<TRecord>(
        TRecord record, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Stores many records, each partition's in one step of its writer.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="records">Each as in <c>Put</c>; enumerated once. For one key the last wins.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <returns>Done, or the error.</returns>
    CacheResult PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Stores many records, each partition's in one step of its writer.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="records">Each as in <c>Put</c>; enumerated once. For one key the last wins.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Done, or the error.</returns>
    ValueTask<CacheResult> PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Hands a record to a bounded buffer that is stored in the background.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">As in <c>Put</c>; its shape is checked before this returns.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <returns>Done, or the error.</returns>
    CacheResult LazyPut<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Waits until everything that was lazily put before the call is stored.</summary>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Done, or the error.</returns>
    ValueTask<CacheResult> FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Finds the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions; what else it
    /// holds is not looked at.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<ITuple>> Get(ITuple template, ReadMode? mode = null);

    /// <summary>Finds the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions; what else it
    /// holds is not looked at.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetAsync(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the records of one type whose key is that of a template.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="template">As in the other form.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<TRecord>> Get<TRecord>(ITuple template, ReadMode? mode = null)
        where TRecord : ITuple;

    /// <summary>Finds the records of one type whose key is that of a template.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="template">As in the other form.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<TRecord>>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Finds the record of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="record">The record, the first one in a bag; the type's default when there is none.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<bool> TryGet<TKey, TRecord>(TKey key, out TRecord record, ReadMode? mode = null)
        where TKey : notnull
        where TRecord : ITuple;

    /// <summary>Finds the record of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<(bool Found, TRecord Record)>> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TRecord : ITuple;

    /// <summary>Finds the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<ITuple>> GetByKey<TKey>(TKey key, ReadMode? mode = null)
        where TKey : notnull;

    /// <summary>Finds the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByKeyAsync<TKey>(
        TKey key, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull;

    /// <summary>Finds the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<ITuple>> GetByKeyPartition<TKey, TPartition>(
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
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode = null, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Finds the records that match a pattern and returns what its variables bind.</summary>
    /// <param name="pattern">Values and the placeholders of <see cref="Match"/>; matches records of its own
    /// length.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<object?[]>> GetByMatch(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null);

    /// <summary>Finds the records that match a pattern and returns what its variables bind.</summary>
    /// <param name="pattern">Values and the placeholders of <see cref="Match"/>; matches records of its own
    /// length.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<object?[]>>> GetByMatchAsync(ITuple pattern,
        PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<IReadOnlyList<ITuple>> GetByMatchObject(
        ITuple pattern, PartitionScope scope = default, ReadMode? mode = null);

    /// <summary>Finds the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="mode">Which copies answer; null for <see cref="SuperCacheOptions.DefaultReadMode"/>. Without
    /// effect in local mode.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<IReadOnlyList<ITuple>>> GetByMatchObjectAsync(ITuple pattern,
        PartitionScope scope = default, ReadMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Folds over this node's records.</summary>
    /// <typeparam name="TAccumulate">The type of what is carried along.</typeparam>
    /// <param name="seed">What the fold starts with.</param>
    /// <param name="fold">Takes what was carried and a record. May use the cache; what it throws reaches the
    /// caller.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<TAccumulate> Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope = default);

    /// <summary>Deletes the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<bool> Delete(ITuple template);

    /// <summary>Deletes the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<bool>> DeleteAsync(ITuple template, CancellationToken cancellationToken = default);

    /// <summary>Deletes the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<bool> DeleteByKey<TKey>(TKey key)
        where TKey : notnull;

    /// <summary>Deletes the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<bool>> DeleteByKeyAsync<TKey>(TKey key, CancellationToken cancellationToken = default)
        where TKey : notnull;

    /// <summary>Deletes the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<bool> DeleteByKeyPartition<TKey, TPartition>(TKey key, TPartition partitionValue)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Deletes the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<bool>> DeleteByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Deletes the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<long> DeleteByMatch(ITuple pattern, PartitionScope scope = default);

    /// <summary>Deletes the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<long>> DeleteByMatchAsync(
        ITuple pattern, PartitionScope scope = default, CancellationToken cancellationToken = default);

    /// <summary>Deletes every record of every partition.</summary>
    /// <returns>Done, or the error.</returns>
    CacheResult DeleteAll();

    /// <summary>Deletes every record of every partition.</summary>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Done, or the error.</returns>
    ValueTask<CacheResult> DeleteAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts what this node holds and has done.</summary>
    /// <returns>What its namesake returns, or the error.</returns>
    CacheResult<CacheStatistics> GetStatistics();

    /// <summary>Counts what the whole cluster holds.</summary>
    /// <param name="cancellationToken">Stops waiting for other nodes.</param>
    /// <returns>What its namesake returns, or the error.</returns>
    ValueTask<CacheResult<ClusterStatistics>> GetClusterStatisticsAsync(CancellationToken cancellationToken = default);
}
