using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SuperCache.Matching;
using SuperCache.Partitions;
using SuperCache.Replication.Operations;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache;

/// <content>Matches and scans over partitions.</content>
internal sealed partial class CacheTable
{
    /// <summary>From how many records on several partitions are visited side by side.</summary>
    private const int ParallelFrom = 20_000;

    /// <summary>What each matching record binds.</summary>
    public ValueTask<IReadOnlyList<object?[]>> MatchAsync(
        ITuple pattern, PartitionScope scope, ReadMode? mode, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        MatchPattern compiled = MatchPattern.Compile(pattern);
        return SelectAsync(
            compiled,
            scope,
            mode,
            compiled.Bind,
            OperationCode.Match,
            static (bytes, codec, rows) => OperationResult.ReadBindings(bytes, codec, rows),
            cancellationToken);
    }

    /// <summary>The matching records.</summary>
    public ValueTask<IReadOnlyList<ITuple>> MatchObjectAsync(
        ITuple pattern, PartitionScope scope, ReadMode? mode, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return SelectAsync(
            MatchPattern.Compile(pattern),
            scope,
            mode,
            static record => record,
            OperationCode.MatchRecords,
            static (bytes, codec, records) => OperationResult.ReadRecords(bytes, codec, records),
            cancellationToken);
    }

    /// <summary>Deletes the matching records and returns how many there were.</summary>
    public ValueTask<long> DeleteMatchAsync(
        ITuple pattern, PartitionScope scope, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        MatchPattern compiled = MatchPattern.Compile(pattern);
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return _cluster.DeleteMatchAsync(compiled, IndexesOf(scope), cancellationToken);
        }

        long deleted = 0;
        foreach (Partition partition in PartitionsOf(scope))
        {
            deleted += partition.DeleteWhere(_id, compiled);
        }

        return new ValueTask<long>(deleted);
    }

    /// <summary>Folds over the records.</summary>
    public TAccumulate Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope)
    {
        ThrowIfUnusable(fold);
        var folder = new Folder<TAccumulate>(seed, fold);
        if (_cluster is not null)
        {
            _cluster.VisitHere(IndexesOf(scope), folder);
            return folder.Result;
        }

        foreach (Partition partition in PartitionsOf(scope))
        {
            partition.Find(_id)?.Visit(null, folder);
        }

        return folder.Result;
    }

    private ValueTask<IReadOnlyList<TResult>> SelectAsync<TResult>(
        MatchPattern pattern,
        PartitionScope scope,
        ReadMode? mode,
        Func<ITuple, TResult> result,
        OperationCode code,
        Action<byte[], WireCodec, List<TResult>> read,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _cluster is null
            ? new ValueTask<IReadOnlyList<TResult>>(Select(PartitionsOf(scope), pattern, result))
            : SelectInClusterAsync(pattern, scope, mode, result, code, read, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<TResult>> SelectInClusterAsync<TResult>(
        MatchPattern pattern,
        PartitionScope scope,
        ReadMode? mode,
        Func<ITuple, TResult> result,
        OperationCode code,
        Action<byte[], WireCodec, List<TResult>> read,
        CancellationToken cancellationToken) => await _cluster!.MatchAsync(
            pattern,
            IndexesOf(scope),
            mode,
            tables => Select([.. tables], pattern, result),
            code,
            read,
            cancellationToken).ConfigureAwait(false);

    private List<TResult> Select<TResult>(
        Partition[] partitions, MatchPattern pattern, Func<ITuple, TResult> result)
    {
        if (pattern.TryGetValue(_shape.KeyPosition, out object? key))
        {
            return SelectByKey(partitions, key, pattern, result);
        }

        var found = new List<TResult>[partitions.Length];
        if (partitions.Length > 1 && partitions.Sum(p => p.Find(_id)?.Count ?? 0) >= ParallelFrom)
        {
            SelectSideBySide(partitions, i => found[i] = SelectAll(partitions[i], pattern, result));
        }
        else
        {
            for (int i = 0; i < partitions.Length; i++)
            {
                found[i] = SelectAll(partitions[i], pattern, result);
            }
        }

        return found.Length == 1 ? found[0] : [.. found.SelectMany(records => records)];
    }

    /// <summary>A key that is a value: only its records can match, in whichever partitions they are.</summary>
    private List<TResult> SelectByKey<TResult>(
        Partition[] partitions, object? key, MatchPattern pattern, Func<ITuple, TResult> result)
    {
        var found = new List<TResult>(1);
        if (key is null)
        {
            return found;
        }

        var candidates = new List<ITuple>(1);
        ulong hash = _shape.HashKey(key);
        foreach (Partition partition in partitions)
        {
            partition.Find(_id)?.Collect(key, hash, candidates);
        }

        foreach (ITuple record in candidates)
        {
            if (pattern.Matches(record))
            {
                found.Add(result(record));
            }
        }

        return found;
    }

    private static void SelectSideBySide(Partition[] partitions, Action<int> select)
    {
        try
        {
            Parallel.For(0, partitions.Length, select);
        }
        catch (AggregateException error)
        {
            // What a pattern's value throws reaches the caller as it is, on however many partitions.
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private List<TResult> SelectAll<TResult>(Partition partition, MatchPattern pattern, Func<ITuple, TResult> result)
    {
        var found = new List<TResult>();
        partition.Find(_id)?.Visit(pattern, new Selector<TResult>(found, result));
        return found;
    }

    private Partition[] PartitionsOf(PartitionScope scope) => scope.Value is { } value
        ? [PartitionOf(_shape.HashPartition(value))]
        : _partitions;

    private int[] IndexesOf(PartitionScope scope) => scope.Value is { } value
        ? [IndexOf(_shape.HashPartition(value))]
        : [.. Enumerable.Range(0, _partitionCount)];

    private sealed class Selector<TResult>(List<TResult> found, Func<ITuple, TResult> result) : RecordVisitor
    {
        public override void Visit(ITuple record) => found.Add(result(record));
    }

    private sealed class Folder<TAccumulate>(TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold)
        : RecordVisitor
    {
        public TAccumulate Result { get; private set; } = seed;

        public override void Visit(ITuple record) => Result = fold(Result, record);
    }
}
