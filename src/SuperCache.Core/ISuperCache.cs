using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>A partitioned cache of records: tuples that are found by one of their elements.</summary>
/// <remarks>
/// <para>Safe for any number of threads. Operations on one partition are ordered, across partitions they are
/// not.</para>
/// <para>A miss is an empty list or false, never an exception. Results are snapshots.</para>
/// <para>In local mode every <c>…Async</c> member completes synchronously.</para>
/// </remarks>
public partial interface ISuperCache
{
    /// <summary>The cache's name; <c>"Default"</c> for the one that has none.</summary>
    string Name { get; }

    /// <summary>Whether the cache serves. Source: <c>started?/0</c>.</summary>
    bool IsStarted { get; }

    /// <summary>Whether the cache is part of a cluster. Source: <c>distributed?/0</c>.</summary>
    bool IsDistributed { get; }

    /// <summary>The partitions, for direct access.</summary>
    IPartitionSet Partitions { get; }

    /// <summary>The same operations in a form that reports errors instead of throwing them.</summary>
    ISafeSuperCache Safe { get; }

    /// <summary>Raised after a record has expired or was evicted; not for one that was deleted or replaced.</summary>
    /// <remarks>Raised on a thread of the pool, in the order in which a partition's records left. The cache does not
    /// wait: when listeners are
    /// too slow, notices are dropped and counted in <see cref="CacheStatistics.LostRemovalNotices"/>.</remarks>
    event EventHandler<EntryRemovedEventArgs>? EntryRemoved;

    /// <summary>Stores a record in the partition chosen by its partition value.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">Longer than both positions. Kept as it is; do not change what it refers to.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The record is not longer than both positions, or its key or partition
    /// value is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The options name an expiration in the past, or the record is heavier than
    /// <see cref="SuperCacheOptions.SizeLimit"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Replaces the record of an equal key in a set, adds one in a bag. O(1), O(log n) in an ordered set.
    /// Source: ETS <c>insert/2</c>.</remarks>
    void Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Stores a record in the partition chosen by its partition value.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">Longer than both positions. Kept as it is; do not change what it refers to.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Completes when the replication mode's promise holds; synchronously in local mode.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The record is not longer than both positions, or its key or partition
    /// value is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The options name an expiration in the past, or the record is heavier than
    /// <see cref="SuperCacheOptions.SizeLimit"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask PutAsync<TRecord>(
        TRecord record, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Stores many records, each partition's in one step of its writer.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="records">Each as in <c>Put</c>; enumerated once. For one key the last wins.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">A record has a bad shape; the message names its place. Nothing was
    /// changed.</exception>
    /// <exception cref="ArgumentException">The options name an expiration in the past, or the record is heavier than
    /// <see cref="SuperCacheOptions.SizeLimit"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Atomic within a partition for the writer, not for readers, and not across partitions.</remarks>
    void PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Stores many records, each partition's in one step of its writer.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="records">Each as in <c>Put</c>; enumerated once. For one key the last wins.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Completes when the replication mode's promise holds for every record.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">A record has a bad shape; the message names its place. Nothing was
    /// changed.</exception>
    /// <exception cref="ArgumentException">The options name an expiration in the past, or the record is heavier than
    /// <see cref="SuperCacheOptions.SizeLimit"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
        where TRecord : ITuple;

    /// <summary>Hands a record to a bounded buffer that is stored in the background.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">As in <c>Put</c>; its shape is checked before this returns.</param>
    /// <param name="options">When the record ends and what it weighs; null for
    /// <see cref="SuperCacheOptions.DefaultEntryOptions"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The record is not longer than both positions, or its key or partition
    /// value is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The options name an expiration in the past, or the record is heavier than
    /// <see cref="SuperCacheOptions.SizeLimit"/>. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Records of one thread are stored in their order. A full buffer makes the caller wait, it never
    /// drops. Stopping the host stores what is left. With <see cref="ReplicationMode.Strong"/> it is <c>Put</c>.
    /// Source: <c>lazy_put/1</c>.</remarks>
    void LazyPut<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Waits until everything that was lazily put before the call is stored.</summary>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Completes when it is stored.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts what this node holds and has done. Source: <c>stats/0</c>.</summary>
    /// <returns>A snapshot.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    CacheStatistics GetStatistics();

    /// <summary>Counts what the whole cluster holds. Source: <c>cluster_stats/0</c>.</summary>
    /// <param name="cancellationToken">Stops waiting for other nodes.</param>
    /// <returns>A snapshot; in local mode, of one node.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    ValueTask<ClusterStatistics> GetClusterStatisticsAsync(CancellationToken cancellationToken = default);
}
