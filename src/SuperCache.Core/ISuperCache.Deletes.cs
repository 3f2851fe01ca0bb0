using System.Runtime.CompilerServices;

namespace SuperCache;

/// <content>The deletes.</content>
public partial interface ISuperCache
{
    /// <summary>Deletes the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is null.
    /// Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>delete!/1</c>.</remarks>
    bool Delete(ITuple template);

    /// <summary>Deletes the records whose key is that of a template.</summary>
    /// <param name="template">Carries at least the key and the partition value at their positions.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="RecordShapeException">The template is too short, or its key or partition value is null.
    /// Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> DeleteAsync(ITuple template, CancellationToken cancellationToken = default);

    /// <summary>Deletes the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>delete_same_key_partition!/1</c>.</remarks>
    bool DeleteByKey<TKey>(TKey key)
        where TKey : notnull;

    /// <summary>Deletes the records of a key, where the key is also the partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> DeleteByKeyAsync<TKey>(TKey key, CancellationToken cancellationToken = default)
        where TKey : notnull;

    /// <summary>Deletes the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>delete_by_key_partition!/2</c>.</remarks>
    bool DeleteByKeyPartition<TKey, TPartition>(TKey key, TPartition partitionValue)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Deletes the records of a key in the partition of a partition value.</summary>
    /// <typeparam name="TKey">The key's type; keys are compared by run-time type and value.</typeparam>
    /// <typeparam name="TPartition">The partition value's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="partitionValue">Not null; need not equal the key.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> DeleteByKeyPartitionAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, CancellationToken cancellationToken = default)
        where TKey : notnull
        where TPartition : notnull;

    /// <summary>Deletes the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: ETS <c>match_delete/2</c>.</remarks>
    long DeleteByMatch(ITuple pattern, PartitionScope scope = default);

    /// <summary>Deletes the records that match a pattern.</summary>
    /// <param name="pattern">As in <c>GetByMatch</c>.</param>
    /// <param name="scope">The partitions to visit; all by default.</param>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="ArgumentNullException">An argument is null. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">The pattern is empty or holds something that is not allowed in
    /// one.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<long> DeleteByMatchAsync(
        ITuple pattern, PartitionScope scope = default, CancellationToken cancellationToken = default);

    /// <summary>Deletes every record of every partition.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <remarks>Source: <c>delete_all/0</c>.</remarks>
    void DeleteAll();

    /// <summary>Deletes every record of every partition.</summary>
    /// <param name="cancellationToken">Stops waiting; checked at entry. A write that has left this node may still
    /// happen.</param>
    /// <returns>Completes when they are deleted.</returns>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    /// <exception cref="CacheNotStartedException">The cache is distributed and has not joined its cluster.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask DeleteAllAsync(CancellationToken cancellationToken = default);
}
