using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>One table of an engine, across its partitions: checks what is asked, finds the partition and asks
/// it.</summary>
/// <remarks>
/// <para>The engine's own members and every adapter come through here. Reads go to the partition's table directly,
/// changes to its <see cref="Partition"/>; a table of a cluster asks its <see cref="ClusterTable"/> for both.</para>
/// <para>Each operation is written once, as a task that is complete when it is returned unless another node has to be
/// asked; its synchronous form waits for it.</para>
/// </remarks>
internal sealed partial class CacheTable
{
    private readonly TableId _id;
    private readonly RecordShape _shape;
    private readonly Partition[] _partitions;
    private readonly EntryTerms _terms;
    private readonly ReadTally _tally;
    private readonly SizeBudget? _budget;
    private readonly int _partitionCount;
    private readonly ClusterTable? _cluster;
    private volatile bool _closed;

    /// <summary>Whether a record was ever put into another partition than its key's own. Set before the put.</summary>
    private bool _hasStrays;

    private readonly LaneTerms _laneTerms;
    private readonly Lock _laneGate = new();

    /// <summary>By partition, the index that <see cref="_lane"/> shows. Under the gate.</summary>
    private readonly RecordIndex?[] _shown;

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
        ReadTally tally,
        ClusterTable? cluster = null)
    {
        _cluster = cluster;
        _partitionCount = cluster?.PartitionCount ?? partitions.Length;
        _shown = new RecordIndex?[_partitionCount];
        _budget = budget;
        _buffers = [.. partitions.Select(partition => new WriteBuffer(this, partition, options.LazyPutCapacity))];
        _id = id;
        _shape = shape;
        _partitions = partitions;
        _terms = terms;
        _tally = tally;
        Direct = new DirectAccess(tally);
        _laneTerms = new LaneTerms(shape.KeyHasher, tally, _partitionCount, Direct);
    }

    public int PartitionCount => _partitionCount;

    /// <summary>Where a read of a number may look before it comes here.</summary>
    public DirectAccess Direct { get; }

    /// <summary>Whether every call is refused.</summary>
    public bool IsClosed => _closed;

    /// <summary>See <see cref="HashBits.Position"/>.</summary>
    public int HashScale => _shape.IsOneHasher ? _partitionCount : 1;

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
            _lane?.Close();
            _lane = null;
            Array.Clear(_shown);
        }
    }

    /// <summary>Opens the short cut to a partition's one index, or shuts it.</summary>
    public void SetLane(int partition, RecordIndex? index)
    {
        lock (_laneGate)
        {
            _shown[partition]?.LeaveLane();
            _shown[partition] = null;
            if (index is null || _closed || !_shape.IsOneHasher)
            {
                return;
            }

            _shown[partition] = index;
            Volatile.Write(ref _lane, index.ShowIn(_lane, _laneTerms, partition));
        }
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed, typeof(SuperCacheEngine));

    [SkipLocalsInit]
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

        // Not into the caller's own: see SuperCacheEngine.TryGetByHash.
        bool isThere = TryGetAnew(key, out TRecord found);
        record = found;
        return isThere;
    }

    /// <summary>The same without a short cut, as one copy or another has it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryGet<TKey, TRecord>(TKey key, ReadMode? mode, out TRecord record)
        where TRecord : ITuple
    {
        ThrowIfUnusable(key);
        return TryGet(IndexOf(_shape.HashPartition(key)), key, mode, out record);
    }

    public bool TryGet<TKey, TRecord>(int partition, TKey key, ReadMode? mode, out TRecord record)
        where TRecord : ITuple
    {
        ThrowIfUnusable(key);
        if (_cluster is not null)
        {
            return _cluster.TryGet(partition, key, _shape.HashKey(key), mode, out record);
        }

        if (_partitions[partition].Find(_id) is { } table && table.TryGet(key, _shape.HashKey(key), out record))
        {
            _tally.Hit();
            return true;
        }

        _tally.Miss();
        record = default!;
        return false;
    }

    public ValueTask<(bool Found, TRecord Record)> TryGetAsync<TKey, TRecord>(
        TKey key, ReadMode? mode, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            ThrowIfUnusable(key);
            return _cluster.TryGetAsync<TKey, TRecord>(
                IndexOf(_shape.HashPartition(key)), key, _shape.HashKey(key), mode, cancellationToken);
        }

        bool found = TryGet(key, out TRecord record);
        return ValueTask.FromResult((found, record));
    }

    /// <summary>The same for what was unclear at the first look.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetAnew<TKey, TRecord>(TKey key, out TRecord record)
        where TRecord : ITuple
    {
        if (Volatile.Read(ref _lane) is Lane<TRecord> lane)
        {
            switch (lane.TryGetAnew(key, out record))
            {
                case LaneRead.Hit:
                    return true;
                case LaneRead.Miss:
                    record = default!;
                    return false;
            }
        }

        return TryGet(key, null, out record);
    }

    /// <summary>The records of a template's key.</summary>
    public ValueTask<IReadOnlyList<TRecord>> GetAsync<TRecord>(
        ITuple template, ReadMode? mode, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        ThrowIfUnusable(template);
        (object key, RecordAddress address) = _shape.ReadTemplate(template);
        return GetAsync<object, TRecord>(
            IndexOf(address.PartitionHash), key, address.KeyHash, mode, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ITuple>> GetAsync<TKey, TPartition>(
        TKey key, TPartition partitionValue, ReadMode? mode, CancellationToken cancellationToken)
    {
        ThrowIfUnusable(key);
        ArgumentNullException.ThrowIfNull(partitionValue);
        return GetAsync<TKey, ITuple>(
            IndexOf(_shape.HashPartition(partitionValue)), key, _shape.HashKey(key), mode, cancellationToken);
    }

    public IReadOnlyList<ITuple> Get<TKey>(int partition, TKey key)
    {
        ThrowIfUnusable(key);
        return Wait.For(GetAsync<TKey, ITuple>(partition, key, _shape.HashKey(key), null, default));
    }

    /// <summary>All records there are, in no order.</summary>
    public List<ITuple> ToList()
    {
        ThrowIfClosed();
        return Scan(new List<ITuple>(), (list, record) => { list.Add(record); return list; }, PartitionScope.All);
    }

    /// <summary>The records of one partition; in a cluster as its primary has them, where this node has no
    /// copy.</summary>
    public long CountOf(int partition)
    {
        ThrowIfClosed();
        return _cluster is null
            ? _partitions[partition].Find(_id)?.Count ?? 0 : Wait.For(_cluster.CountAsync(partition));
    }

    /// <summary>The records of one partition that this node holds.</summary>
    public long CountHere(int partition)
    {
        ThrowIfClosed();
        return _cluster is null ? _partitions[partition].Find(_id)?.Count ?? 0 : _cluster.CountHere(partition);
    }

    /// <summary>The index of the partition of a partition value.</summary>
    public int IndexOf<TPartition>(TPartition partitionValue)
    {
        ThrowIfUnusable(partitionValue);
        return IndexOf(_shape.HashPartition(partitionValue));
    }

    private ValueTask<IReadOnlyList<TRecord>> GetAsync<TKey, TRecord>(
        int partition, TKey key, ulong hash, ReadMode? mode, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.GetAsync<TKey, TRecord>(partition, key, hash, mode, cancellationToken);
        }

        var records = new List<TRecord>(1);
        _partitions[partition].Find(_id)?.Collect(key, hash, records);
        if (records.Count > 0)
        {
            _tally.Hit();
        }
        else
        {
            _tally.Miss();
        }

        return new ValueTask<IReadOnlyList<TRecord>>(records);
    }

    private int IndexOf(ulong partitionHash) => HashBits.Partition(partitionHash, _partitionCount);

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
