using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>Lazily put records of one type and one partition, in their order.</summary>
internal abstract class PendingBatch
{
    public abstract void Store(Partition partition, TableId table);
}

/// <inheritdoc/>
internal sealed class PendingBatch<TRecord> : PendingBatch
    where TRecord : ITuple
{
    private PendingPut<TRecord>[] _puts = new PendingPut<TRecord>[16];
    private int _count;

    public void Add(in PendingPut<TRecord> put)
    {
        if (_count == _puts.Length)
        {
            Array.Resize(ref _puts, _count * 2);
        }

        _puts[_count++] = put;
    }

    public override void Store(Partition partition, TableId table) =>
        partition.PutBatch<TRecord>(table, _puts.AsSpan(0, _count));
}
