using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SuperCache.Identity;
using SuperCache.Matching;
using SuperCache.Partitions;
using SuperCache.Replication.Forwarder;
using SuperCache.Replication.Operations;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache;

/// <content>What concerns several partitions, or several records: a request for each partition, all under way at
/// once.</content>
internal sealed partial class ClusterTable
{
    /// <summary>About how many bytes of records one op carries; a larger batch becomes several.</summary>
    private const int BatchBytes = 512 << 10;

    private readonly ClusterWriteBuffer[] _buffers;

    /// <summary>Stores a batch: one op a partition, unless it is very large.</summary>
    public async ValueTask PutBatchAsync<TRecord>(
        SortedBatch<TRecord> batch, CancellationToken cancellationToken)
        where TRecord : ITuple
    {
        _seat.ThrowIfAway();
        var asked = new List<PutOperation>();
        for (int i = 0; i < PartitionCount; i++)
        {
            AppendPuts(i, batch.Of(i), asked);
        }

        await StoreAsync(asked, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a pattern finds: first in the partitions that can be searched here, then in the others.</summary>
    public async ValueTask<List<TResult>> MatchAsync<TResult>(
        MatchPattern pattern,
        int[] partitions,
        ReadMode? mode,
        Func<IReadOnlyCollection<Partition>, List<TResult>> matchHere,
        OperationCode code,
        Action<byte[], WireCodec, List<TResult>> read,
        CancellationToken cancellationToken)
    {
        _seat.ThrowIfAway();
        var here = new List<Partition>();
        var elsewhere = new List<int>();
        foreach (int partition in partitions)
        {
            if (Enter(partition, mode) is { } tables)
            {
                here.Add(tables);
            }
            else
            {
                elsewhere.Add(partition);
            }
        }

        Task? asked = null;
        byte[][] results = new byte[elsewhere.Count][];
        if (elsewhere.Count > 0)
        {
            byte[] operation = Writer.OfPattern(code, _id, pattern);
            asked = AskAllAsync(
                [.. elsewhere.Select(p => Read(p, mode, operation))],
                (i, result) => results[i] = result,
                hasChanged: false,
                cancellationToken).AsTask();
        }

        // What is here is searched while the others search.
        List<TResult> found = matchHere(here);
        if (asked is not null)
        {
            await asked.ConfigureAwait(false);
            Array.ForEach(results, result => read(result, _states.Wire, found));
        }

        return found;
    }

    /// <summary>Deletes what matches; a partition with very many such records is asked several times.</summary>
    public async ValueTask<long> DeleteMatchAsync(
        MatchPattern pattern, int[] partitions, CancellationToken cancellationToken)
    {
        byte[] operation = Writer.OfPattern(OperationCode.DeleteMatch, _id, pattern);
        long deleted = 0;
        while (partitions.Length > 0)
        {
            // Where all is answered at once nothing else looks at it.
            cancellationToken.ThrowIfCancellationRequested();
            ClientRequest[] requests = [.. partitions.Select(p => Write(p, conflictKey: 0, operation))];
            int[] asked = partitions;
            var again = new List<int>();
            await AskAllAsync(requests, Take, hasChanged: deleted > 0, cancellationToken).ConfigureAwait(false);
            partitions = [.. again];

            void Take(int i, byte[] result)
            {
                (long count, bool hasMore) = OperationResult.ReadCount(result);
                deleted += count;
                _seat.CountDeletes(count);
                if (hasMore)
                {
                    again.Add(asked[i]);
                }
            }
        }

        return deleted;
    }

    public async ValueTask DeleteAllAsync(CancellationToken cancellationToken)
    {
        byte[] operation = OperationWriter.Plain(OperationCode.Clear, _id);
        ClientRequest[] requests =
            [.. Enumerable.Range(0, PartitionCount).Select(p => Write(p, conflictKey: 0, operation))];
        await AskAllAsync(
            requests,
            (_, result) => _seat.CountDeletes(OperationResult.ReadCount(result).Count),
            hasChanged: false,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows a visitor what this node holds.</summary>
    public void VisitHere(int[] partitions, RecordVisitor visitor)
    {
        _seat.ThrowIfAway();
        foreach (int partition in partitions)
        {
            _gates[partition].Held?.Find(_id)?.Visit(null, visitor);
        }
    }

    /// <summary>Hands a checked record to its partition's buffer.</summary>
    /// <returns>False when the node is leaving and buffers nothing any more.</returns>
    public bool TryLazyPut<TRecord>(int partition, in TRecord record, EntryNode? node)
        where TRecord : ITuple
    {
        _seat.ThrowIfAway();
        return _buffers[partition].TryAdd(EntryTermsBytes.Of(node, _states.Clock), in record);
    }

    /// <summary>Stores everything that was lazily put before the call; then throws one of the errors that storing has
    /// met. The others, and all of them where the wait was cancelled, are left to the next flush.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _seat.ThrowIfAway();
        _driver.ThrowIfInside();
        ClusterWriteBuffer[] busy = [.. _buffers.Where(b => b.IsBusy)];
        await Task.WhenAll(busy.Select(b => b.MarkAsync())).WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (ClusterWriteBuffer buffer in busy)
        {
            if (buffer.TakeFailure() is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    /// <summary>Buffers nothing any more, so that a put is stored or throws, and stores what waits.</summary>
    public ValueTask CloseBuffersAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(_buffers, buffer => buffer.Close());
        return FlushAsync(cancellationToken);
    }

    /// <summary>Stores operations: those of one partition in their order, those of several at once. What is stored is
    /// counted, also when the others fail.</summary>
    public async ValueTask StoreAsync(List<PutOperation> operations, CancellationToken cancellationToken)
    {
        long begun = _states.NodeClock.Now;
        bool hasChanged = false;
        var rounds = new List<List<PutOperation>>();
        foreach (IGrouping<int, PutOperation> ofPartition in operations.GroupBy(o => o.Partition))
        {
            int round = 0;
            foreach (PutOperation put in ofPartition)
            {
                if (round == 0 && TryStoreHere(put, hasChanged))
                {
                    hasChanged = true;
                    continue;
                }

                if (round == rounds.Count)
                {
                    rounds.Add([]);
                }

                rounds[round++].Add(put);
            }
        }

        foreach (List<PutOperation> puts in rounds)
        {
            // What waited for the rounds before it lives no longer for that.
            long waited = _states.NodeClock.Now - begun;
            await AskAllAsync(
                [.. puts.Select(p => Write(p.Partition, conflictKey: 0, _states.Aged(p.Bytes, waited)))],
                (i, result) => Take(puts[i], result),
                hasChanged,
                cancellationToken).ConfigureAwait(false);
            hasChanged = true;
        }
    }

    private bool TryStoreHere(in PutOperation put, bool hasChanged)
    {
        if (!_driver.TryWriteHere(new PartitionId(put.Partition), put.Bytes, out byte[] result))
        {
            return false;
        }

        try
        {
            Take(put, result);
            return true;
        }
        catch (Exception error) when (hasChanged && Outcomes.IsAnswer(error))
        {
            throw Outcomes.InPart(error);
        }
    }

    private void Take(in PutOperation put, byte[] result)
    {
        OperationResult.ThrowIfRefused(result);
        _seat.CountPuts(put.Records);
    }

    private void AppendPuts<TRecord>(
        int partition, PendingPuts<TRecord> puts, List<PutOperation> into)
        where TRecord : ITuple
    {
        using var records = new WireBuffer();
        EntryTermsBytes terms = EntryTermsBytes.None;
        int count = 0;
        for (int i = 0; i < puts.Length; i++)
        {
            terms = i == 0 ? EntryTermsBytes.Of(puts.NodeAt(i), _states.Clock) : terms;
            Writer.AppendRecord(records, in puts.RecordAt(i));
            count++;
            if (records.Length >= BatchBytes || i == puts.Length - 1)
            {
                into.Add(new PutOperation(
                    partition, OperationWriter.PutMany(_id, terms, count, records.Written), count));
                records.Truncate(0);
                count = 0;
            }
        }
    }

    /// <summary>Asks for several partitions at once and waits for all; then throws the worst of what was met.</summary>
    /// <param name="requests">One for each partition.</param>
    /// <param name="take">Is handed each answer with its request's place, also when others fail; may throw what the
    /// answer says.</param>
    /// <param name="hasChanged">Whether the call that this belongs to has changed something before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask AskAllAsync(
        ClientRequest[] requests, Action<int, byte[]> take, bool hasChanged, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            _seat.ThrowIfAway();
            Outcomes.ThrowIfCutOff(_driver);
        }
        catch (SuperCacheException error) when (hasChanged)
        {
            throw Outcomes.InPart(error);
        }

        ValueTask<RequestOutcome>[] tasks = _driver.RequestAll(requests, cancellationToken);
        for (int i = 0; i < tasks.Length; i++)
        {
            try
            {
                RequestOutcome outcome = await tasks[i].ConfigureAwait(false);
                take(i, Outcomes.ResultOf(outcome, requests[i].Partition.Value, requests[i].IsWrite));
                hasChanged |= requests[i].IsWrite;
            }
            catch (Exception error) when (Outcomes.IsAnswer(error))
            {
                // All are waited for, so that no wait is lost; the worst news is told.
                failure = failure is QuorumNotReachedException ? failure : error;
                hasChanged |= requests[i].IsWrite && error is QuorumNotReachedException or OperationCanceledException;
            }
        }

        if (failure is not null)
        {
            throw hasChanged ? Outcomes.InPart(failure) : failure;
        }
    }

    private ClusterWriteBuffer[] CreateBuffers(int partitionCount, int capacity)
    {
        var buffers = new ClusterWriteBuffer[partitionCount];
        for (int i = 0; i < partitionCount; i++)
        {
            buffers[i] = new ClusterWriteBuffer(this, i, _id, _seat, capacity);
        }

        return buffers;
    }
}
