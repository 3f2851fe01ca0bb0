using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <content>Lazy puts.</content>
internal sealed partial class CacheTable
{
    private readonly WriteBuffer[] _buffers;

    /// <summary>Hands a checked record to its partition's buffer.</summary>
    public void LazyPut<TRecord>(TRecord record, CacheEntryOptions? options)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        RecordAddress address = _shape.Read(in record);
        var put = new PendingPut<TRecord>(record, address.KeyHash, _terms.NodeFor(options));
        bool isTaken = _buffers[HashBits.Partition(address.PartitionHash, _buffers.Length)].TryAdd(in put);
        ObjectDisposedException.ThrowIf(!isTaken, typeof(SuperCacheEngine));
    }

    /// <summary>Stores everything that was lazily put before the call.</summary>
    public void Flush()
    {
        ThrowIfClosed();
        foreach (WriteBuffer buffer in _buffers)
        {
            buffer.Flush();
        }
    }
}
