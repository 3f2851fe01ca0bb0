using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>One partition's slice of one table: the records, by key.</summary>
/// <remarks>Reading members may be called by any thread at any time. Members under "writer" are called by the
/// <see cref="Partitions.Partition"/> alone, under its gate. A table knows nothing of nodes and of order between ops.</remarks>
internal abstract class Table
{
    /// <summary>The records, expired ones that are not reclaimed yet included.</summary>
    public abstract long Count { get; }

    /// <summary>Copies out the record of a key, the first one in a bag.</summary>
    /// <exception cref="RecordTypeException">The record is not a <typeparamref name="TRecord"/>.</exception>
    public abstract bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
        where TRecord : ITuple;

    /// <summary>Adds the records of a key to a list.</summary>
    /// <exception cref="RecordTypeException">A record is not a <typeparamref name="TRecord"/>.</exception>
    public abstract void Collect<TKey, TRecord>(TKey key, ulong hash, List<TRecord> into)
        where TRecord : ITuple;

    /// <summary>Writer: stores a record whose shape was checked.</summary>
    public abstract void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple;

    /// <summary>Writer: removes the records of a key and returns how many there were.</summary>
    public abstract int Remove<TKey>(TKey key, ulong hash);

    /// <summary>Writer: removes every record.</summary>
    public abstract void Clear();
}
