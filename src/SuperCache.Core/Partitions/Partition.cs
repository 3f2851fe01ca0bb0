using System.Diagnostics.CodeAnalysis;
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

    /// <summary>The cache that this thread is changing, by its <see cref="IRemovalSink"/>.</summary>
    [ThreadStatic]
    private static IRemovalSink? _changed;

    private readonly Lock _gate = new();

    /// <summary>By <see cref="TableId"/>; a table appears when it is first written. Replaced under the gate.</summary>
    private readonly Table?[] _tables = new Table?[TableIds.Count];

    /// <summary>Reused by <see cref="Reclaim"/>. Under the gate.</summary>
    private readonly List<EntryNode> _due = [];

    /// <summary>Entries that could not be reclaimed this time. Under the gate.</summary>
    private readonly List<EntryNode> _stuck = [];

    private bool _isReleased;

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
        using (Enter())
        {
            Store(table, in record, hash, node);
            MakeRoom();
        }
    }

    /// <summary>Stores many records in one step of the writer.</summary>
    /// <param name="table">Into which table.</param>
    /// <param name="puts">The records.</param>
    /// <param name="stored">Counts them, also up to the one whose comparison throws.</param>
    public void PutBatch<TRecord>(TableId table, PendingPuts<TRecord> puts, ref int stored)
        where TRecord : ITuple
    {
        using (Enter())
        {
            if (keeper.Budget is null)
            {
                int before = stored;
                try
                {
                    (_tables[(int)table] ?? AddTable(table)).PutBatch(puts, ref stored);
                }
                finally
                {
                    Volatile.Write(ref _puts, _puts + stored - before);
                }

                return;
            }

            for (int i = 0; i < puts.Length; i++)
            {
                Store(table, in puts.RecordAt(i), puts.HashAt(i), puts.NodeAt(i));
                MakeRoom();
                stored++;
            }
        }
    }

    /// <summary>Stores many records but those whose comparison throws: a step of the writer up to each of
    /// them.</summary>
    /// <returns>What the first such comparison has thrown.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "A record's own comparison may throw anything.")]
    public Exception? PutAll<TRecord>(TableId table, PendingPuts<TRecord> puts)
        where TRecord : ITuple
    {
        Exception? failure = null;
        for (int done = 0; done < puts.Length;)
        {
            try
            {
                PutBatch(table, puts.From(done), ref done);
            }
            catch (Exception error)
            {
                failure ??= error;
                done++;
            }
        }

        return failure;
    }

    /// <summary>See <see cref="Table.CatchUp"/>.</summary>
    public void CatchUp(TableId table, int entries)
    {
        using (Enter())
        {
            _tables[(int)table]?.CatchUp(entries);
        }
    }

    /// <summary>Deletes the records of a key and returns how many there were.</summary>
    public int Delete<TKey>(TableId table, TKey key, ulong hash)
    {
        using (Enter())
        {
            return Deleted(_tables[(int)table]?.Remove(key, hash) ?? 0);
        }
    }

    /// <summary>Deletes the records that match a pattern and returns how many there were.</summary>
    public int DeleteWhere(TableId table, MatchPattern pattern)
    {
        using (Enter())
        {
            return Deleted(_tables[(int)table]?.RemoveWhere(pattern) ?? 0);
        }
    }

    public void DeleteAll(TableId table)
    {
        using (Enter())
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
            using (Enter())
            {
                bool isDone = keeper.TakeDue(ReclaimStep, _due);
                foreach (EntryNode node in _due)
                {
                    if (!TryDrop(node, RemovalReason.Expired))
                    {
                        _stuck.Add(node);
                    }
                }

                _due.Clear();
                if (isDone)
                {
                    // Not before: they would be due again at once.
                    _stuck.ForEach(keeper.Return);
                    _stuck.Clear();
                    return keeper.AwaitsExpiration;
                }
            }
        }
    }

    /// <summary>Gives up one entry; false when none can go.</summary>
    public bool EvictOne()
    {
        using (Enter())
        {
            return keeper.TakeVictim() is { } victim && TryEvict(victim);
        }
    }

    /// <summary>Removes a certain entry, if it is still there.</summary>
    public void Remove(EntryNode node, RemovalReason reason)
    {
        using (Enter())
        {
            Drop(node, reason);
        }
    }

    /// <summary>Gives all memory back; the partition is empty afterwards.</summary>
    public void Release()
    {
        using (Enter())
        {
            _isReleased = true;
            Array.Clear(_tables);
            keeper.Release();
            _due.Clear();
            _stuck.Clear();
        }
    }

    /// <summary>Refuses a change by a key or a record that the cache compares at this moment, whichever partition it
    /// is about: two threads that each hold one gate and want the other's would wait for ever.</summary>
    /// <exception cref="InvalidOperationException">This thread makes a change already. Nothing was changed.</exception>
    public void ThrowIfInside()
    {
        if (_changed is { } changed && (changed == notifier || _gate.IsHeldByCurrentThread))
        {
            throw new InvalidOperationException(
                "A key or a record changed the cache while the cache compared it. Equals, GetHashCode and CompareTo "
                + "may read the cache that calls them, but not change it.");
        }
    }

    /// <summary>Enters the gate.</summary>
    /// <exception cref="InvalidOperationException">This thread makes a change already. Nothing was changed.</exception>
    private Change Enter()
    {
        ThrowIfInside();
        Lock.Scope scope = _gate.EnterScope();
        IRemovalSink? outer = _changed;
        _changed = notifier;
        return new Change(outer, scope);
    }

    private void Store<TRecord>(TableId table, in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        Table target = _tables[(int)table] ?? AddTable(table);
        if (target is SetTable set)
        {
            // By its own type: a generic call that is virtual looks its instantiation up each time.
            set.Put(in record, hash, node);
        }
        else
        {
            target.Put(in record, hash, node);
        }

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
            if (!TryEvict(victim))
            {
                return;
            }
        }
    }

    private bool TryEvict(EntryNode victim)
    {
        bool isGone = TryDrop(victim, RemovalReason.Evicted);
        if (!isGone)
        {
            keeper.Return(victim);
        }

        return isGone;
    }

    /// <summary>Removes an entry on nobody's call: what its key throws when it is compared has nobody to go to, and
    /// must not stop what others wait for.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Reported; the entry is tried again.")]
    private bool TryDrop(EntryNode node, RemovalReason reason)
    {
        try
        {
            Drop(node, reason);
            return true;
        }
        catch (Exception error)
        {
            notifier.OnFailed(error);
            return false;
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
        ObjectDisposedException.ThrowIf(_isReleased, this);
        Table added = createTable(table, keeper);
        Volatile.Write(ref _tables[(int)table], added);
        return added;
    }

    /// <summary>A change that is being made; ended by leaving the gate.</summary>
    private readonly ref struct Change(IRemovalSink? outer, Lock.Scope scope)
    {
        private readonly Lock.Scope _scope = scope;

        public void Dispose()
        {
            _changed = outer;
            _scope.Dispose();
        }
    }
}
