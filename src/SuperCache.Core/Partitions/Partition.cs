using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Storage;

namespace SuperCache.Partitions;

/// <summary>One partition: the single writer of its slices of all tables.</summary>
/// <remarks>
/// Every change of a table, local or replicated, ends in a method of this class, which holds the gate while it is made.
/// <list type="number">
/// <item>P1: only this class calls a mutating member of a <see cref="Table"/>.</item>
/// <item>P2: readers go to the tables directly and never take the gate.</item>
/// <item>P3: nothing of the caller's (a fold, an equality that may throw) runs after a change has begun.</item>
/// </list>
/// </remarks>
internal sealed class Partition(Func<TableId, Table> createTable)
{
    private readonly Lock _gate = new();

    /// <summary>By <see cref="TableId"/>; a table appears when it is first written. Replaced under the gate.</summary>
    private readonly Table?[] _tables = new Table?[TableIds.Count];

    /// <summary>Counted under the gate.</summary>
    private long _puts;

    /// <summary>Counted under the gate.</summary>
    private long _deletes;

    /// <summary>Records put, all tables together.</summary>
    public long Puts => Volatile.Read(ref _puts);

    /// <summary>Records deleted by a call, all tables together.</summary>
    public long Deletes => Volatile.Read(ref _deletes);

    /// <summary>The partition's slice of a table, or null while nothing was ever put into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Table? Find(TableId table) => Volatile.Read(ref _tables[(int)table]);

    public void Put<TRecord>(TableId table, in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        lock (_gate)
        {
            Store(table, in record, hash, node);
        }
    }

    /// <summary>Stores many records in one step of the writer.</summary>
    public void PutBatch<TRecord>(TableId table, ReadOnlySpan<PendingPut<TRecord>> puts)
        where TRecord : ITuple
    {
        lock (_gate)
        {
            foreach (ref readonly PendingPut<TRecord> put in puts)
            {
                Store(table, in put.Record, put.Hash, put.Node);
            }
        }
    }

    /// <summary>Deletes the records of a key and returns how many there were.</summary>
    public int Delete<TKey>(TableId table, TKey key, ulong hash)
    {
        lock (_gate)
        {
            int removed = _tables[(int)table]?.Remove(key, hash) ?? 0;
            Volatile.Write(ref _deletes, _deletes + removed);
            return removed;
        }
    }

    /// <summary>Deletes the records that match a pattern and returns how many there were.</summary>
    public int DeleteWhere(TableId table, MatchPattern pattern)
    {
        lock (_gate)
        {
            int removed = _tables[(int)table]?.RemoveWhere(pattern) ?? 0;
            Volatile.Write(ref _deletes, _deletes + removed);
            return removed;
        }
    }

    public void DeleteAll(TableId table)
    {
        lock (_gate)
        {
            if (_tables[(int)table] is { } existing)
            {
                Volatile.Write(ref _deletes, _deletes + existing.Count);
                existing.Clear();
            }
        }
    }

    /// <summary>Gives all memory back; the partition is empty afterwards.</summary>
    public void Release()
    {
        lock (_gate)
        {
            Array.Clear(_tables);
        }
    }

    private void Store<TRecord>(TableId table, in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        Table target = _tables[(int)table] ?? AddTable(table);
        target.Put(in record, hash, node);
        Volatile.Write(ref _puts, _puts + 1);
    }

    private Table AddTable(TableId table)
    {
        Table added = createTable(table);
        Volatile.Write(ref _tables[(int)table], added);
        return added;
    }
}
