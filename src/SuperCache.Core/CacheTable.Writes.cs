using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <content>The writes.</content>
internal sealed partial class CacheTable
{
    private readonly WriteBuffer[] _buffers;

    public void Put<TRecord>(TRecord record, CacheEntryOptions? options)
        where TRecord : ITuple => Wait.For(PutAsync(record, options, default));

    public ValueTask PutAsync<TRecord>(
        TRecord record, CacheEntryOptions? options, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        RecordAddress address = _shape.Read(in record);
        EntryNode? node = _terms.NodeFor(options);
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.PutAsync(
                IndexOf(address.PartitionHash), record, address.KeyHash, node, isDirect: false, cancellationToken);
        }

        Put(PartitionOf(address.PartitionHash), in record, address.KeyHash, node);
        return default;
    }

    /// <summary>Stores a record with a listener, which is told when it leaves, and returns its node.</summary>
    public EntryNode Put<TRecord>(TRecord record, CacheEntryOptions options, IRemovalListener listener)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        RecordAddress address = _shape.Read(in record);
        EntryNode node = _terms.NodeFor(options, listener)!;
        Put(PartitionOf(address.PartitionHash), in record, address.KeyHash, node);
        return node;
    }

    /// <summary>Removes the entry of a node, if it is still there.</summary>
    public void Remove(EntryNode node, RemovalReason reason)
    {
        // The hash of a node stands from the moment its entry was stored; one hasher serves keys and partitions here.
        PartitionOf(node.Hash).Remove(node, reason);
    }

    public void Put<TRecord>(int partition, TRecord record, CacheEntryOptions? options)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        ulong hash = _shape.ReadKey(in record);
        EntryNode? node = _terms.NodeFor(options);
        if (_cluster is not null)
        {
            Wait.For(_cluster.PutAsync(partition, record, hash, node, isDirect: true, default));
            return;
        }

        if (!_hasStrays && IndexOf(hash) != partition)
        {
            Volatile.Write(ref _hasStrays, true);
        }

        Put(_partitions[partition], in record, hash, node);
    }

    public ValueTask PutBatchAsync<TRecord>(
        IEnumerable<TRecord> records, CacheEntryOptions? options, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        ThrowIfUnusable(records);
        using var batch = new SortedBatch<TRecord>(records, _shape, _partitionCount, _terms, options);
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.PutBatchAsync(batch, cancellationToken);
        }

        int stored = 0;
        for (int i = 0; i < _partitions.Length; i++)
        {
            PutBatch(_partitions[i], batch.Of(i), ref stored);
        }

        // That there is a direct table may have turned out when some partitions had got their part already.
        for (int i = 0; Direct.HasTable && i < _partitions.Length; i++)
        {
            if (batch.Of(i).Length is not 0 and var entries)
            {
                _partitions[i].CatchUp(_id, entries);
            }
        }

        return default;
    }

    public ValueTask<bool> DeleteAsync(ITuple template, CancellationToken cancellationToken)
    {
        ThrowIfUnusable(template);
        (object key, RecordAddress address) = _shape.ReadTemplate(template);
        return DeleteAsync(IndexOf(address.PartitionHash), key, address.KeyHash, isDirect: false, cancellationToken);
    }

    public bool Delete<TKey, TPartition>(TKey key, TPartition partitionValue) =>
        Wait.For(DeleteAsync(key, partitionValue, default));

    public ValueTask<bool> DeleteAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, CancellationToken cancellationToken)
    {
        ThrowIfUnusable(key);
        ArgumentNullException.ThrowIfNull(partitionValue);
        return DeleteAsync(
            IndexOf(_shape.HashPartition(partitionValue)),
            key,
            _shape.HashKey(key),
            isDirect: false,
            cancellationToken);
    }

    public bool Delete<TKey>(int partition, TKey key)
    {
        ThrowIfUnusable(key);
        return Wait.For(DeleteAsync(partition, key, _shape.HashKey(key), isDirect: true, default));
    }

    public void DeleteAll() => Wait.For(DeleteAllAsync(default));

    public ValueTask DeleteAllAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.DeleteAllAsync(cancellationToken);
        }

        foreach (Partition partition in _partitions)
        {
            partition.DeleteAll(_id);
        }

        return default;
    }

    /// <summary>Hands a checked record to its partition's buffer.</summary>
    public void LazyPut<TRecord>(TRecord record, CacheEntryOptions? options)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        RecordAddress address = _shape.Read(in record);
        if (_cluster is not null)
        {
            int index = IndexOf(address.PartitionHash);
            EntryNode? node = _terms.NodeFor(options);
            if (!_cluster.TryLazyPut(index, in record, node))
            {
                Wait.For(_cluster.PutAsync(index, record, address.KeyHash, node, isDirect: false, default));
            }

            return;
        }

        WriteBuffer buffer = _buffers[HashBits.Partition(address.PartitionHash, _buffers.Length)];
        bool isTaken = buffer.TryAdd(in record, address.KeyHash, _terms.NodeFor(options));
        ObjectDisposedException.ThrowIf(!isTaken, typeof(SuperCacheEngine));
    }

    /// <summary>Stores everything that was lazily put before the call.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.FlushAsync(cancellationToken);
        }

        Exception? failure = null;
        foreach (WriteBuffer buffer in _buffers)
        {
            failure = buffer.Flush() ?? failure;
        }

        return failure is null ? default : ValueTask.FromException(failure);
    }

    /// <summary>Stores records in one partition but those whose comparison throws, and keeps to the size
    /// limit.</summary>
    /// <returns>What the first such comparison has thrown.</returns>
    public Exception? PutAll<TRecord>(Partition partition, PendingPuts<TRecord> puts)
        where TRecord : ITuple
    {
        Exception? failure = partition.PutAll(_id, puts);
        MakeRoomElsewhere(partition, puts, puts.Length);
        return failure;
    }

    /// <summary>Buffers no lazy put any more and stores those that wait, before a node leaves its cluster.</summary>
    public ValueTask CloseBuffersAsync(CancellationToken cancellationToken) =>
        _cluster?.CloseBuffersAsync(cancellationToken) ?? default;

    private ValueTask<bool> DeleteAsync<TKey>(
        int partition, TKey key, ulong hash, bool isDirect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _cluster is null
            ? new ValueTask<bool>(_partitions[partition].Delete(_id, key, hash) > 0)
            : _cluster.DeleteAsync(partition, key, isDirect, cancellationToken);
    }

    private void Put<TRecord>(Partition partition, in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        partition.Put(_id, in record, hash, node);
        if (_budget is { IsOver: true })
        {
            MakeRoomElsewhere(partition, node);
        }
    }

    /// <summary>Stores records in one partition, and keeps to the size limit.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="puts">The records.</param>
    /// <param name="stored">Counts them, also up to the one whose comparison throws.</param>
    private void PutBatch<TRecord>(Partition partition, PendingPuts<TRecord> puts, ref int stored)
        where TRecord : ITuple
    {
        if (puts.Length == 0)
        {
            return;
        }

        int before = stored;
        try
        {
            partition.PutBatch(_id, puts, ref stored);
        }
        finally
        {
            MakeRoomElsewhere(partition, puts, stored - before);
        }
    }

    /// <summary>Where a partition has nothing more to give up: lets the others give, and at last the new entry
    /// itself.</summary>
    private void MakeRoomElsewhere(Partition partition, EntryNode? added)
    {
        bool isFound = true;
        while (_budget!.IsOver && isFound)
        {
            isFound = false;
            foreach (Partition other in _partitions)
            {
                isFound |= other != partition && _budget.IsOver && other.EvictOne();
            }
        }

        while (_budget.IsOver && partition.EvictOne())
        {
        }

        if (_budget.IsOver && added is not null)
        {
            partition.Remove(added, RemovalReason.Evicted);
        }
    }

    /// <summary>The same for the first of several records.</summary>
    private void MakeRoomElsewhere<TRecord>(Partition partition, PendingPuts<TRecord> added, int count)
    {
        for (int i = 0; i < count && _budget is { IsOver: true }; i++)
        {
            MakeRoomElsewhere(partition, added.NodeAt(i));
        }
    }
}
