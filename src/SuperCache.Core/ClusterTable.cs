using System.Runtime.CompilerServices;
using SuperCache.Diagnostics;
using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Replication;
using SuperCache.Replication.Forwarder;
using SuperCache.Replication.Operations;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>The distributed side of one table: takes what is asked of a partition to where it can be
/// answered.</summary>
/// <remarks>A read that this node's copy may answer goes straight to the copy's tables, without a lock, as in local
/// mode. Everything else becomes an operation: carried out here when this node is the primary, sent to it when
/// another is.</remarks>
internal sealed partial class ClusterTable
{
    private readonly TableId _id;
    private readonly RecordShape _shape;
    private readonly ClusterSeat _seat;
    private readonly ClusterDriver _driver;
    private readonly ReadGates _gates;
    private readonly EnginePartitionStates _states;
    private readonly ReadTally _tally;
    private readonly ReadMode _defaultMode;
    private readonly bool _isStrong;

    public ClusterTable(TableId id, ClusterSeat seat, SuperCacheOptions options, ReadTally tally)
    {
        _id = id;
        _seat = seat;
        _driver = seat.Driver;
        _gates = seat.Gates;
        _states = seat.States;
        _shape = seat.States.Shapes[(int)id];
        _tally = tally;
        _defaultMode = options.DefaultReadMode;
        _isStrong = options.ReplicationMode == ReplicationMode.Strong;
        _buffers = CreateBuffers(seat.Options.Fingerprint.PartitionCount, options.LazyPutCapacity);
    }

    public int PartitionCount => _seat.Options.Fingerprint.PartitionCount;

    private OperationWriter Writer => _states.WriterOf(_id);

    public bool TryGet<TKey, TRecord>(int partition, TKey key, ulong hash, ReadMode? mode, out TRecord record)
        where TRecord : ITuple
    {
        if ((mode ?? _defaultMode) == ReadMode.Local && _gates[partition].TryEnter(out Partition? tables))
        {
            if (tables.Find(_id) is { } table && table.TryGet(key, hash, out record))
            {
                _tally.Hit();
                return true;
            }

            _tally.Miss();
            record = default!;
            return false;
        }

        (bool found, record) = Wait.For(TryGetAsync<TKey, TRecord>(partition, key, hash, mode, default));
        return found;
    }

    public async ValueTask<(bool Found, TRecord Record)> TryGetAsync<TKey, TRecord>(
        int partition, TKey key, ulong hash, ReadMode? mode, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        if (Enter(partition, mode) is { } tables)
        {
            TRecord record = default!;
            bool isThere = tables.Find(_id) is { } table && table.TryGet(key, hash, out record);
            Count(isThere);
            return (isThere, record);
        }

        // Only the first is asked for: the others of a bag may be of other types.
        var found = new List<ITuple>(1);
        await CollectFromOthersAsync(partition, key, mode, found, cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? (false, default!) : (true, RecordTypes.Cast<TRecord>(found[0]));
    }

    public async ValueTask<IReadOnlyList<TRecord>> GetAsync<TKey, TRecord>(
        int partition, TKey key, ulong hash, ReadMode? mode, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        var found = new List<TRecord>(1);
        if (Enter(partition, mode) is { } tables)
        {
            tables.Find(_id)?.Collect(key, hash, found);
            Count(found.Count > 0);
        }
        else
        {
            await CollectFromOthersAsync(partition, key, mode, found, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <param name="partition">Where.</param>
    /// <param name="record">Its shape was checked.</param>
    /// <param name="hash">Of its key.</param>
    /// <param name="node">Its terms.</param>
    /// <param name="isDirect">Whether only the primary itself may do it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask PutAsync<TRecord>(
        int partition,
        TRecord record,
        ulong hash,
        EntryNode? node,
        bool isDirect,
        CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        _seat.ThrowIfAway();
        byte[] operation = Writer.Put(_id, in record, node);
        if (_driver.TryPutHere(new PartitionId(partition), operation, in record, hash, out byte[] result))
        {
            OperationResult.ThrowIfRefused(result);
            _seat.CountPuts(1);
            return default;
        }

        ThrowIfElsewhere(isDirect, partition);
        ulong conflict = _isStrong ? ConflictOf(record[_shape.KeyPosition]!) : 0;
        return FinishAsync(partition, AskAsync(Write(partition, conflict, operation), cancellationToken));

        async ValueTask FinishAsync(int partition, ValueTask<RequestOutcome> asked)
        {
            OperationResult.ThrowIfRefused(
                Outcomes.ResultOf(await asked.ConfigureAwait(false), partition, isWrite: true));
            _seat.CountPuts(1);
        }
    }

    public async ValueTask<bool> DeleteAsync<TKey>(
        int partition, TKey key, bool isDirect, CancellationToken cancellationToken)
    {
        _seat.ThrowIfAway();
        byte[] operation = Writer.OfKey(OperationCode.Delete, _id, key);
        if (!_driver.TryWriteHere(new PartitionId(partition), operation, out byte[] result))
        {
            ThrowIfElsewhere(isDirect, partition);
            ClientRequest request = Write(partition, _isStrong ? ConflictOf(key!) : 0, operation);
            RequestOutcome outcome = await AskAsync(request, cancellationToken).ConfigureAwait(false);
            result = Outcomes.ResultOf(outcome, partition, isWrite: true);
        }

        long deleted = OperationResult.ReadCount(result).Count;
        _seat.CountDeletes(deleted);
        return deleted > 0;
    }

    /// <summary>How many records the node's copy holds; what the primary says where it has none.</summary>
    public async ValueTask<long> CountAsync(int partition)
    {
        if (_gates[partition].Held is { } tables)
        {
            return tables.Find(_id)?.Count ?? 0;
        }

        ClientRequest request = Read(partition, ReadMode.Local, OperationWriter.Plain(OperationCode.Count, _id));
        RequestOutcome outcome = await AskAsync(request, default).ConfigureAwait(false);
        return OperationResult.ReadCount(Outcomes.ResultOf(outcome, partition, isWrite: false)).Count;
    }

    /// <summary>How many records the node's own copy holds; 0 where it has none.</summary>
    public long CountHere(int partition) => _gates[partition].Held?.Find(_id)?.Count ?? 0;

    /// <summary>The tables that may answer a read here and now; null when another node has to be asked.</summary>
    private Partition? Enter(int partition, ReadMode? mode)
    {
        switch (mode ?? _defaultMode)
        {
            case ReadMode.Local when _gates[partition].TryEnter(out Partition? tables):
                return tables;
            case ReadMode.Primary:
                // What the primary holds at a moment at which it serves is an answer, even if it is read a little
                // later.
                return _driver.Look(node => node.IsServing(new PartitionId(partition)))
                    ? _gates[partition].Held : null;
            case ReadMode.Local or ReadMode.Quorum:
                return null;
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(mode), mode, $"The read mode is {mode}; it must be Local, Primary or Quorum.");
        }
    }

    private async ValueTask CollectFromOthersAsync<TKey, TRecord>(
        int partition, TKey key, ReadMode? mode, List<TRecord> into, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        ClientRequest request = Read(partition, mode, Writer.OfKey(OperationCode.Get, _id, key));
        RequestOutcome outcome = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        OperationResult.ReadRecords(Outcomes.ResultOf(outcome, partition, isWrite: false), _states.Wire, into);
        Count(into.Count > 0);
    }

    private ValueTask<RequestOutcome> AskAsync(in ClientRequest request, CancellationToken cancellationToken)
    {
        _seat.ThrowIfAway();
        Outcomes.ThrowIfCutOff(_driver);
        return _driver.RequestAsync(request, cancellationToken);
    }

    private ClientRequest Read(int partition, ReadMode? mode, byte[] operation) =>
        new(new PartitionId(partition), IsWrite: false, mode ?? _defaultMode, ConflictKey: 0, operation);

    private static ClientRequest Write(int partition, ulong conflictKey, byte[] operation) =>
        new(new PartitionId(partition), IsWrite: true, ReadMode.Primary, conflictKey, operation);

    /// <summary>Never 0, which conflicts with everything.</summary>
    private ulong ConflictOf(object key) => _states.Hash.Of(key) | 1;

    private void ThrowIfElsewhere(bool isDirect, int partition)
    {
        if (isDirect && !_driver.Look(node => node.IsPrimary(new PartitionId(partition))))
        {
            throw new NotPrimaryException(
                $"Another node is the primary of partition {partition}; a direct write must be made there. "
                + "The cache's own members take a write to where it belongs. Nothing was changed.");
        }
    }

    private void Count(bool isHit)
    {
        if (isHit)
        {
            _tally.Hit();
        }
        else
        {
            _tally.Miss();
        }
    }
}
