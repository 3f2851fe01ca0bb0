using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>Direct access to one partition: no routing, no choice of partition. The fastest path.</summary>
/// <remarks>A record put here is found by the cache's own members only if the partition is the one that its
/// partition value chooses.</remarks>
public interface ICachePartition
{
    /// <summary>The partition's index, from 0.</summary>
    int Index { get; }

    /// <summary>The records in the partition.</summary>
    long Count { get; }

    /// <summary>Stores a record here, whatever its partition value.</summary>
    /// <typeparam name="TRecord">The record's type, usually a value tuple.</typeparam>
    /// <param name="record">Longer than the key position.</param>
    /// <param name="options">When the record ends and what it weighs; null for the cache's default.</param>
    /// <exception cref="RecordShapeException">The record is too short, or its key is null. Nothing was
    /// changed.</exception>
    /// <exception cref="NotPrimaryException">Another node is the partition's primary. Nothing was changed.</exception>
    void Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
        where TRecord : ITuple;

    /// <summary>Finds the records of a key in this partition.</summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <returns>The records, at most one in a set; empty when there is none.</returns>
    IReadOnlyList<ITuple> Get<TKey>(TKey key)
        where TKey : notnull;

    /// <summary>Finds the record of a key in this partition.</summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TRecord">The record's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <param name="record">The record, the first one in a bag; the type's default when there is none.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="RecordTypeException">The record is not a <typeparamref name="TRecord"/>.</exception>
    bool TryGet<TKey, TRecord>(TKey key, out TRecord record)
        where TKey : notnull
        where TRecord : ITuple;

    /// <summary>Deletes the records of a key in this partition.</summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <param name="key">Not null.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="NotPrimaryException">Another node is the partition's primary. Nothing was changed.</exception>
    bool Delete<TKey>(TKey key)
        where TKey : notnull;
}
