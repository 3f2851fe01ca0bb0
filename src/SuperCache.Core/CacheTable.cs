using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>One table of an engine, across its partitions: finds the partition and asks it.</summary>
/// <remarks>The engine's own members and every adapter come through here. Reads go to the partition's table directly,
/// changes to its <see cref="Partition"/>.</remarks>
internal sealed partial class CacheTable
{
    private readonly TableId _id;
    private readonly RecordShape _shape;
    private readonly Partition[] _partitions;
    private readonly EntryTerms _terms;
    private readonly ReadTally _tally;
    private readonly SizeBudget? _budget;
    private volatile bool _closed;

    private readonly Lock _laneGate = new();

    /// <summary>A short cut for <see cref="TryGet{TKey, TRecord}(TKey, out TRecord)"/> around everything that can be
    /// otherwise, where a key's own hash chooses its partition.</summary>
    private Lane? _lane;

    public CacheTable(
        TableId id,
        RecordShape shape,
        Partition[] partitions,
        SuperCacheOptions options,
        EntryTerms terms,
        SizeBudget? budget,
        ReadTally tally)
    {
        _budget = budget;
        _buffers = [.. partitions.Select(partition => new WriteBuffer(partition, id, options.LazyPutCapacity))];
        _id = id;
        _shape = shape;
        _partitions = partitions;
        _terms = terms;
        _tally = tally;
    }

    public int PartitionCount => _partitions.Length;

    /// <summary>See <see cref="HashBits.Position"/>.</summary>
    public int HashScale => _shape.IsOneHasher ? _partitions.Length : 1;

    /// <summary>Refuses every call from now on.</summary>
    public void Close()
    {
        foreach (WriteBuffer buffer in _buffers)
        {
            buffer.Close();
        }

        lock (_laneGate)
        {
            _closed = true;
            _lane = null;
        }
    }

    /// <summary>Opens the short cut to a partition's one index, or shuts it.</summary>
    public void SetLane(int partition, RecordIndex? index)
    {
        lock (_laneGate)
        {
            if (_closed || !_shape.IsOneHasher)
            {
                return;
            }

            if (index is null)
            {
                _lane?.Hide(partition);
            }
            else
            {
                Volatile.Write(ref _lane, index.ShowIn(_lane, _shape.KeyHasher, _tally, _partitions.Length, partition));
            }
        }
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed, typeof(SuperCacheEngine));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet<TKey, TRecord>(TKey key, out TRecord record)
        where TRecord : ITuple
    {
        if (Volatile.Read(ref _lane) is Lane<TRecord> lane)
        {
            switch (lane.TryGet(key, out record))
            {
                case LaneRead.Hit:
                    return true;
                case LaneRead.Miss:
                    record = default!;
                    return false;
            }
        }

        return TryGetAnywhere(key, out record);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetAnywhere<TKey, TRecord>(TKey key, out TRecord record)
        where TRecord : ITuple
    {
        ThrowIfUnusable(key);
        return TryGet(HashBits.Partition(_shape.HashPartition(key), _partitions.Length), key, out record);
    }

    public bool TryGet<TKey, TRecord>(int partition, TKey key, out TRecord record)
        where TRecord : ITuple
    {
        ThrowIfUnusable(key);
        if (_partitions[partition].Find(_id) is { } table && table.TryGet(key, _shape.HashKey(key), out record))
        {
            _tally.Hit();
            return true;
        }

        _tally.Miss();
        record = default!;
        return false;
    }

    /// <summary>The records of a template's key.</summary>
    public List<TRecord> Get<TRecord>(ITuple template)
        where TRecord : ITuple
    {
        ThrowIfUnusable(template);
        (object key, RecordAddress address) = _shape.ReadTemplate(template);
        return Collect<object, TRecord>(PartitionOf(address.PartitionHash), key, address.KeyHash);
    }

    public List<ITuple> Get<TKey, TPartition>(TKey key, TPartition partitionValue)
    {
        ThrowIfUnusable(key);
        ArgumentNullException.ThrowIfNull(partitionValue);
        return Collect<TKey, ITuple>(PartitionOf(_shape.HashPartition(partitionValue)), key, _shape.HashKey(key));
    }

    public List<ITuple> Get<TKey>(int partition, TKey key)
    {
        ThrowIfUnusable(key);
        return Collect<TKey, ITuple>(_partitions[partition], key, _shape.HashKey(key));
    }

    public void Put<TRecord>(TRecord record, CacheEntryOptions? options)
        where TRecord : ITuple
    {
        ThrowIfUnusable(record);
        RecordAddress address = _shape.Read(in record);
        Put(PartitionOf(address.PartitionHash), in record, address.KeyHash, _terms.NodeFor(options));
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
        Put(_partitions[partition], in record, _shape.ReadKey(in record), _terms.NodeFor(options));
    }

    public void PutBatch<TRecord>(IEnumerable<TRecord> records, CacheEntryOptions? options)
        where TRecord : ITuple
    {
        ThrowIfUnusable(records);
        using var batch = new SortedBatch<TRecord>(_shape, _partitions.Length);
        batch.Read(records, _terms, options);
        for (int i = 0; i < _partitions.Length; i++)
        {
            PutBatch(_partitions[i], batch.Of(i));
        }
    }

    public bool Delete(ITuple template)
    {
        ThrowIfUnusable(template);
        (object key, RecordAddress address) = _shape.ReadTemplate(template);
        return PartitionOf(address.PartitionHash).Delete(_id, key, address.KeyHash) > 0;
    }

    public bool Delete<TKey, TPartition>(TKey key, TPartition partitionValue)
    {
        ThrowIfUnusable(key);
        ArgumentNullException.ThrowIfNull(partitionValue);
        return PartitionOf(_shape.HashPartition(partitionValue)).Delete(_id, key, _shape.HashKey(key)) > 0;
    }

    public bool Delete<TKey>(int partition, TKey key)
    {
        ThrowIfUnusable(key);
        return _partitions[partition].Delete(_id, key, _shape.HashKey(key)) > 0;
    }

    public void DeleteAll()
    {
        ThrowIfClosed();
        foreach (Partition partition in _partitions)
        {
            partition.DeleteAll(_id);
        }
    }

    /// <summary>All records there are, in no order.</summary>
    public List<ITuple> ToList()
    {
        ThrowIfClosed();
        return Scan(new List<ITuple>(), (list, record) => { list.Add(record); return list; }, PartitionScope.All);
    }

    /// <summary>The records of one partition.</summary>
    public long CountOf(int partition)
    {
        ThrowIfClosed();
        return _partitions[partition].Find(_id)?.Count ?? 0;
    }

    /// <summary>The index of the partition of a partition value.</summary>
    public int IndexOf<TPartition>(TPartition partitionValue)
    {
        ThrowIfUnusable(partitionValue);
        return HashBits.Partition(_shape.HashPartition(partitionValue), _partitions.Length);
    }

    private List<TRecord> Collect<TKey, TRecord>(Partition partition, TKey key, ulong hash)
        where TRecord : ITuple
    {
        var records = new List<TRecord>(1);
        partition.Find(_id)?.Collect(key, hash, records);
        if (records.Count > 0)
        {
            _tally.Hit();
        }
        else
        {
            _tally.Miss();
        }

        return records;
    }

    private void PutBatch<TRecord>(Partition partition, ReadOnlySpan<PendingPut<TRecord>> puts)
        where TRecord : ITuple
    {
        if (puts.IsEmpty)
        {
            return;
        }

        partition.PutBatch(_id, puts);
        for (int i = 0; i < puts.Length && _budget is { IsOver: true }; i++)
        {
            MakeRoomElsewhere(partition, puts[i].Node);
        }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Partition PartitionOf(ulong hash) => Unsafe.Add(
        ref MemoryMarshal.GetArrayDataReference(_partitions), HashBits.Partition(hash, _partitions.Length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfUnusable<T>(T argument, [CallerArgumentExpression(nameof(argument))] string name = "")
    {
        if (argument is null)
        {
            ThrowNull(name);
        }

        if (_closed)
        {
            ThrowIfClosed();
        }

        static void ThrowNull(string name) => throw new ArgumentNullException(name);
    }
}
