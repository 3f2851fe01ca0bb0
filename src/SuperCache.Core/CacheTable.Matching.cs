using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SuperCache.Matching;
using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache;

/// <content>Matches and scans over partitions.</content>
internal sealed partial class CacheTable
{
    /// <summary>From how many records on several partitions are visited side by side.</summary>
    private const int ParallelFrom = 20_000;

    /// <summary>What each matching record binds.</summary>
    public List<object?[]> Match(ITuple pattern, PartitionScope scope)
    {
        ThrowIfClosed();
        MatchPattern compiled = MatchPattern.Compile(pattern);
        return Select(compiled, scope, compiled.Bind);
    }

    /// <summary>The matching records.</summary>
    public List<ITuple> MatchObject(ITuple pattern, PartitionScope scope)
    {
        ThrowIfClosed();
        return Select(MatchPattern.Compile(pattern), scope, record => record);
    }

    /// <summary>Deletes the matching records and returns how many there were.</summary>
    public long DeleteMatch(ITuple pattern, PartitionScope scope)
    {
        ThrowIfClosed();
        MatchPattern compiled = MatchPattern.Compile(pattern);
        long deleted = 0;
        foreach (Partition partition in PartitionsOf(scope))
        {
            deleted += partition.DeleteWhere(_id, compiled);
        }

        return deleted;
    }

    /// <summary>Folds over the records.</summary>
    public TAccumulate Scan<TAccumulate>(
        TAccumulate seed, Func<TAccumulate, ITuple, TAccumulate> fold, PartitionScope scope)
    {
        ThrowIfUnusable(fold);
        var folder = new Folder<TAccumulate>(seed, fold);
        foreach (Partition partition in PartitionsOf(scope))
        {
            partition.Find(_id)?.Visit(null, folder);
        }

        return folder.Result;
    }

    private List<TResult> Select<TResult>(MatchPattern pattern, PartitionScope scope, Func<ITuple, TResult> result)
    {
        Partition[] partitions = PartitionsOf(scope);
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
