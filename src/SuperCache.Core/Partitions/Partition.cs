using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Storage;

namespace SuperCache.Partitions;

/// <summary>One partition: the single writer of its slices of all tables.</summary>
/// <remarks>
/// Every change of a table, local or replicated, ends in a method of this class, which holds the gate while it is made.
/// <list type="number">
/// <item>P1: only this class calls a mutating member of a <see cref="Table"/> and of the
/// <see cref="NodeKeeper"/>.</item>
/// <item>P2: readers go to the tables directly and never take the gate.</item>
/// <item>P3: the gate is held for one record, one batch, one match or <see cref="ReclaimStep"/> reclaimed entries,
/// and nothing waits
/// while it is held.</item>
/// <item>P4: when the gate is left after a put, the partition has given up entries until the cache is within its size
/// limit, or has at most one left that can go.</item>
/// </list>
/// </remarks>
/// <param name="createTable">Makes the partition's slice of a table when it is first written.</param>
/// <param name="keeper">Of this partition alone.</param>
/// <param name="notifier">Is told of records that expired or were evicted.</param>
internal sealed partial class Partition(
    Func<TableId, NodeKeeper, Table> createTable, NodeKeeper keeper, IRemovalSink notifier)
{
    /// <summary>How many expired entries are reclaimed before the gate is opened for others.</summary>
    private const int ReclaimStep = 128;

    private readonly Lock _gate = new();

    /// <summary>By <see cref="TableId"/>; a table appears when it is first written. Replaced under the gate.</summary>
    private readonly Table?[] _tables = new Table?[TableIds.Count];

    /// <summary>Reused by <see cref="Reclaim"/>. Under the gate.</summary>
    private readonly List<EntryNode> _due = [];

    /// <summary>Counted under the gate.</summary>
    private long _puts;

    /// <summary>Counted under the gate.</summary>
    private long _deletes;

    /// <summary>Records put, all tables together.</summary>
    public long Puts => Volatile.Read(ref _puts);

    /// <summary>Records deleted by a call, all tables together.</summary>
    public long Deletes => Volatile.Read(ref _deletes);

    public long Evictions => keeper.Evictions;

    public long Expirations => keeper.Expirations;

    /// <summary>The partition's slice of a table, or null while nothing was ever put into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Table? Find(TableId table) => Volatile.Read(ref _tables[(int)table]);

    public void Put<TRecord>(TableId table, in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        lock (_gate)
        {
            Store(table, in record, hash, node);
            MakeRoom();
        }
    }

    /// <summary>Stores many records in one step of the writer.</summary>
    public void PutBatch<TRecord>(TableId table, ReadOnlySpan<PendingPut<TRecord>> puts)
        where TRecord : ITuple
    {
        lock (_gate)
        {
            if (keeper.Budget is null)
            {
                (_tables[(int)table] ?? AddTable(table)).PutBatch(puts);
                Volatile.Write(ref _puts, _puts + puts.Length);
                return;
            }

            foreach (ref readonly PendingPut<TRecord> put in puts)
            {
                Store(table, in put.Record, put.Hash, put.Node);
                MakeRoom();
            }
        }
    }

    /// <summary>Deletes the records of a key and returns how many there were.</summary>
    public int Delete<TKey>(TableId table, TKey key, ulong hash)
    {
        lock (_gate)
        {
            return Deleted(_tables[(int)table]?.Remove(key, hash) ?? 0);
        }
    }

    /// <summary>Deletes the records that match a pattern and returns how many there were.</summary>
    public int DeleteWhere(TableId table, MatchPattern pattern)
    {
        lock (_gate)
        {
            return Deleted(_tables[(int)table]?.RemoveWhere(pattern) ?? 0);
        }
    }

    public void DeleteAll(TableId table)
    {
        lock (_gate)
        {
            if (_tables[(int)table] is { } existing)
            {
                Deleted(existing.Count);
                existing.Clear();
            }
        }
    }

    /// <summary>Removes entries whose time has come, a few at a time, and tells whether others wait for
    /// theirs.</summary>
    public bool Reclaim()
    {
        while (true)
        {
            lock (_gate)
            {
                bool isDone = keeper.TakeDue(ReclaimStep, _due);
                _due.ForEach(node => Drop(node, RemovalReason.Expired));
                _due.Clear();
                if (isDone)
                {
                    return keeper.AwaitsExpiration;
                }
            }
        }
    }

    /// <summary>Gives up one entry; false when none can go.</summary>
    public bool EvictOne()
    {
        lock (_gate)
        {
            EntryNode? victim = keeper.TakeVictim();
            Drop(victim, RemovalReason.Evicted);
            return victim is not null;
        }
    }

    /// <summary>Removes a certain entry, if it is still there.</summary>
    public void Remove(EntryNode node, RemovalReason reason)
    {
        lock (_gate)
        {
            Drop(node, reason);
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

    private void MakeRoom()
    {
        if (keeper.Budget is not { } budget)
        {
            return;
        }

        if (!budget.IsOver)
        {
            keeper.Settle();
            return;
        }

        while (budget.IsOver && keeper.HasSeveral && keeper.TakeVictim() is { } victim)
        {
            Drop(victim, RemovalReason.Evicted);
        }
    }

    private void Drop(EntryNode? node, RemovalReason reason, bool tells = true)
    {
        if (node?.Table is not { } table)
        {
            return;
        }

        bool isTold = tells && table == _tables[(int)TableId.Records] && notifier.HasListeners;
        ITuple? record = table.RemoveNode(node, isTold);
        keeper.Leave(node, reason);
        if (record is not null)
        {
            notifier.Add(record, reason);
        }
    }

    private int Deleted(int count)
    {
        Deleted((long)count);
        return count;
    }

    private void Deleted(long count) => Volatile.Write(ref _deletes, _deletes + count);

    private Table AddTable(TableId table)
    {
        Table added = createTable(table, keeper);
        Volatile.Write(ref _tables[(int)table], added);
        return added;
    }
}
