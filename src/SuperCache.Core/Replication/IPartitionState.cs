using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>What an operation comes to: the changes it makes and what its caller is answered.</summary>
/// <param name="Effects">Empty when it changes nothing; it then leaves no op.</param>
/// <param name="Result">Opaque to the protocol.</param>
internal readonly record struct Evaluation(Effect[] Effects, byte[] Result);

/// <summary>
/// The storage under one copy of a partition, as the protocol sees it: keys and values are bytes, operations are
/// opaque. The primary
/// evaluates, every copy applies the same effects in the same order.
/// </summary>
/// <remarks>
/// Called on the node's one logical thread. <see cref="Evaluate"/> and <see cref="Answer"/> change
/// nothing. Operations and effects come from the network: bytes that are none evaluate to nothing, change nothing and
/// are answered with nothing; no member throws.
/// </remarks>
internal interface IPartitionState
{
    /// <summary>Entries held.</summary>
    long Count { get; }

    /// <summary>Entries of one table.</summary>
    long CountOf(int table);

    /// <summary>About how many bytes keys and values take; decides into how many buckets a snapshot is cut.</summary>
    long Bytes { get; }

    /// <summary>Decides what an operation does to the state as it is.</summary>
    Evaluation Evaluate(byte[] operation);

    /// <summary>Answers a read.</summary>
    byte[] Answer(byte[] operation);

    /// <summary>Carries out one effect.</summary>
    void Apply(in Effect effect);

    /// <summary>The effect as effects that concern one key each, or a whole table.</summary>
    void Split(in Effect effect, List<Effect> into);

    /// <summary>The bucket of a key, by its hash: stable across nodes.</summary>
    /// <param name="effect">Names table and key.</param>
    /// <param name="bucketCount">A power of two, at most 65,536.</param>
    int BucketOf(in Effect effect, int bucketCount);

    /// <summary>The entries of one bucket as puts, in any order.</summary>
    /// <remarks>
    /// A snapshot reads every bucket once, with the same count, some again, while the state changes. A state that looks
    /// through all entries for each reads a large partition as often as it has buckets: it does better to index its
    /// keys by bucket when the first bucket of a count is read, to keep that index up to date while snapshots go on,
    /// and to drop it when none was read for a while.
    /// </remarks>
    void ReadBucket(int bucket, int bucketCount, List<Effect> into);

    /// <summary>Removes the entries of one table in one bucket.</summary>
    void ClearBucket(int table, int bucket, int bucketCount);

    /// <summary>Equal for equal contents; deadlines do not count.</summary>
    ulong ContentHash();
}

/// <summary>Makes empty storage for copies.</summary>
internal interface IPartitionStateFactory
{
    /// <summary>Makes an empty state.</summary>
    IPartitionState Create(PartitionId partition);

    /// <summary>A write as it is to be executed so much later than it was asked for: what it tells by what is left of a
    /// life has less left.</summary>
    /// <param name="operation">Is not changed.</param>
    /// <param name="milliseconds">Since it was asked for.</param>
    /// <returns>The same, where time changes nothing about it.</returns>
    byte[] Aged(byte[] operation, long milliseconds) => operation;
}
