using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>Lazily put records of one type and one partition, in their order.</summary>
internal abstract class PendingBatch
{
    /// <summary>Stores all of them.</summary>
    public abstract void Store(CacheTable table, Partition partition);
}

/// <inheritdoc/>
internal sealed class PendingBatch<TRecord> : PendingBatch
    where TRecord : ITuple
{
    private readonly PutList<TRecord> _puts = new();

    public void Add(in TRecord record, ulong hash, EntryNode? node) => _puts.Add(in record, hash, node);

    /// <remarks>A record whose comparison throws is left out, and what it threw is thrown at the end.</remarks>
    public override void Store(CacheTable table, Partition partition)
    {
        if (table.PutAll(partition, _puts.Puts) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
