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
        if (TryMatchOne(pattern, scope, binds: true, out object? answer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<IReadOnlyList<object?[]>>(
                answer is null ? [] : new[] { Unsafe.As<object?[]>(answer) });
        }

        MatchPattern compiled = MatchPattern.Compile(pattern);
        if (LeadsToOne(compiled, scope, out ITuple? only))
        {
            cancellationToken.ThrowIfCancellationRequested();
            object?[]? row = only is null ? null : compiled.Bind(only, _shape.KeyPosition);
            return new ValueTask<IReadOnlyList<object?[]>>(row is null ? [] : new[] { row });
        }

        return SelectAsync(
            compiled,
            scope,
            mode,
            static (pattern, record, known) => pattern.Bind(record, known),
            OperationCode.Match,
            static (bytes, codec, rows) => OperationResult.ReadBindings(bytes, codec, rows),
            cancellationToken);
    }

    /// <summary>The matching records.</summary>
    public ValueTask<IReadOnlyList<ITuple>> MatchObjectAsync(
        ITuple pattern, PartitionScope scope, ReadMode? mode, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (TryMatchOne(pattern, scope, binds: false, out object? answer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<IReadOnlyList<ITuple>>(answer is null ? [] : new[] { Unsafe.As<ITuple>(answer) });
        }

        MatchPattern compiled = MatchPattern.Compile(pattern);
        if (LeadsToOne(compiled, scope, out ITuple? only))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ITuple? found = only is null ? null : compiled.Select(only, _shape.KeyPosition);
            return new ValueTask<IReadOnlyList<ITuple>>(found is null ? [] : new[] { found });
        }

        return SelectAsync(
            compiled,
            scope,
            mode,
            static (pattern, record, known) => pattern.Select(record, known),
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

        Partition[] partitions = PartitionsOf(scope);
        if (partitions.Length > 1 && compiled.MayThrow)
        {
            // What it throws, it throws before the first partition has changed.
            Array.ForEach(partitions, partition => partition.Find(_id)?.Visit(compiled, new Ignorer()));
        }

        long deleted = 0;
        foreach (Partition partition in partitions)
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
        Func<MatchPattern, ITuple, int, TResult?> select,
        OperationCode code,
        Action<byte[], WireCodec, List<TResult>> read,
        CancellationToken cancellationToken)
        where TResult : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cluster is not null)
        {
            return SelectInClusterAsync(pattern, scope, mode, select, code, read, cancellationToken);
        }

        return new ValueTask<IReadOnlyList<TResult>>(Select(PartitionsOf(scope), pattern, select));
    }

    /// <summary>The shortest way to the answer of a pattern whose key leads to one record of a set; false where it
    /// cannot be gone.</summary>
    private bool TryMatchOne(ITuple? pattern, PartitionScope scope, bool binds, out object? answer)
    {
        answer = null;
        return _cluster is null && _shape.IsOneHash && Volatile.Read(ref _lane) is { } lane
            && PatternShape.Of(pattern) is { } shape && shape.Length > _shape.KeyPosition
            && (scope.Value is { } value
                ? MatchPattern.IsPlain(value) && value.Equals(pattern![_shape.KeyPosition])
                : !Volatile.Read(ref _hasStrays))
            && lane.TryMatch(pattern!, shape, _shape.KeyPosition, binds, out answer);
    }

    /// <summary>Whether a pattern's key can lead to one record only, and which: in a set, in the key's own partition
    /// or in the one that the scope names.</summary>
    private bool LeadsToOne(MatchPattern pattern, PartitionScope scope, out ITuple? record)
    {
        record = null;
        bool isOnePlace = scope.Value is not null || (_shape.IsOneHash && !Volatile.Read(ref _hasStrays));
        if (_cluster is not null || !isOnePlace || !pattern.TryGetValue(_shape.KeyPosition, out object? key)
            || key is null)
        {
            return false;
        }

        ulong hash = _shape.HashKey(key);
        ulong place = scope.Value is { } value ? _shape.HashPartition(value) : hash;
        if (PartitionOf(place).Find(_id) is not SetTable set)
        {
            return false;
        }

        record = set.FindRecord(key, hash);
        return true;
    }

    private async ValueTask<IReadOnlyList<TResult>> SelectInClusterAsync<TResult>(
        MatchPattern pattern,
        PartitionScope scope,
        ReadMode? mode,
        Func<MatchPattern, ITuple, int, TResult?> select,
        OperationCode code,
        Action<byte[], WireCodec, List<TResult>> read,
        CancellationToken cancellationToken)
        where TResult : class => await _cluster!.MatchAsync(
            pattern,
            IndexesOf(scope),
            mode,
            tables => Select([.. tables], pattern, select),
            code,
            read,
            cancellationToken).ConfigureAwait(false);

    private List<TResult> Select<TResult>(
        Partition[] partitions, MatchPattern pattern, Func<MatchPattern, ITuple, int, TResult?> select)
        where TResult : class
    {
        if (!pattern.TryGetValue(_shape.KeyPosition, out object? key))
        {
            return SelectAll(partitions, pattern, select);
        }

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
            if (select(pattern, record, _shape.KeyPosition) is { } result)
            {
                found.Add(result);
            }
        }

        return found;
    }

    private List<TResult> SelectAll<TResult>(
        Partition[] partitions, MatchPattern pattern, Func<MatchPattern, ITuple, int, TResult?> select)
        where TResult : class
    {
        var found = new List<TResult>[partitions.Length];
        if (partitions.Length > 1 && partitions.Sum(p => p.Find(_id)?.Count ?? 0) >= ParallelFrom)
        {
            SelectSideBySide(partitions, i => found[i] = SelectAll(partitions[i], pattern, select));
        }
        else
        {
            for (int i = 0; i < partitions.Length; i++)
            {
                found[i] = SelectAll(partitions[i], pattern, select);
            }
        }

        return found.Length == 1 ? found[0] : [.. found.SelectMany(records => records)];
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

    private List<TResult> SelectAll<TResult>(
        Partition partition, MatchPattern pattern, Func<MatchPattern, ITuple, int, TResult?> select)
        where TResult : class
    {
        var found = new List<TResult>();
        partition.Find(_id)?.Visit(pattern, new Selector<TResult>(found, pattern, select));
        return found;
    }

    private Partition[] PartitionsOf(PartitionScope scope) => scope.Value is { } value
        ? [PartitionOf(_shape.HashPartition(value))]
        : _partitions;

    private int[] IndexesOf(PartitionScope scope) => scope.Value is { } value
        ? [IndexOf(_shape.HashPartition(value))]
        : [.. Enumerable.Range(0, _partitionCount)];

    private sealed class Selector<TResult>(
        List<TResult> found, MatchPattern pattern, Func<MatchPattern, ITuple, int, TResult?> select) : RecordVisitor
        where TResult : class
    {
        public override void Visit(ITuple record)
        {
            if (select(pattern, record, MatchPattern.NoPosition) is { } result)
            {
                found.Add(result);
            }
        }
    }

    private sealed class Ignorer : RecordVisitor
    {
        public override void Visit(ITuple record)
        {
        }
    }

    private sealed class Folder<TAccumulate>(TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold)
        : RecordVisitor
    {
        public TAccumulate Result { get; private set; } = seed;

        public override void Visit(ITuple record) => Result = fold(Result, record);
    }
}
