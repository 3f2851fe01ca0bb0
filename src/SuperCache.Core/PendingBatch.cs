using System.Diagnostics.CodeAnalysis;
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

    /// <remarks>A record whose comparison throws is left out, and what it threw is thrown at the end.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "Thrown when the others are stored.")]
    public override void Store(CacheTable table, Partition partition)
    {
        Exception? first = null;
        for (int stored = 0; stored < _count; stored++)
        {
            try
            {
                table.PutBatch<TRecord>(partition, _puts.AsSpan(stored, _count - stored), ref stored);
            }
            catch (Exception error)
            {
                first ??= error;
            }
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
