using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>A table of kind <see cref="TableKind.Set"/>: one record a key, in hash indexes.</summary>
/// <remarks>
/// <para>
/// The records of one type lie inline in an index of that type. Most tables hold one type and therefore have one
/// index. A table with more
/// has up to <see cref="MaxInlineTypes"/> such indexes and one of boxed records for all other types, and is searched
/// in that order.
/// </para>
/// <list type="number">
/// <item>S1: at rest a key is in one index only.</item>
/// <item>S2: a put that moves a key to another index adds it there, then counts <see cref="_crossings"/>, then
/// removes it here. A search that misses everywhere while the count stands still has not overlooked a moving key; one
/// that finds it takes the first index in order, as does everybody else.</item>
/// </list>
/// </remarks>
/// <param name="keyPosition">See the base class.</param>
/// <param name="clock">See the base class.</param>
/// <param name="keeper">See the base class.</param>
/// <param name="lane">Told of the index of a table that has one, and of null when it gets a second.</param>
/// <param name="scale">See <see cref="HashBits.Position"/>.</param>
internal sealed class SetTable(
    int keyPosition, TimeProvider clock, NodeKeeper keeper, int scale, Action<RecordIndex?> lane)
    : Table(keyPosition, clock, keeper)
{
    private const int MaxInlineTypes = 4;

    /// <summary>From so many entries on, their slots are not all near the processor.</summary>
    private const int ExpectFrom = 8_192;

    /// <summary>How many puts ahead of the one that is made the slot of another is asked for.</summary>
    private const int ExpectAhead = 8;

    /// <summary>In the order of search; replaced whole by the writer.</summary>
    private RecordIndex[] _indexes = [];

    /// <summary>See S2. Writer only; read with <see cref="Volatile"/>.</summary>
    private int _crossings;

    /// <inheritdoc/>
    public override long Count
    {
        get
        {
            long count = 0;
            foreach (RecordIndex index in Volatile.Read(ref _indexes))
            {
                count += index.Count;
            }

            return count;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Searches every index, in order; see S2.</remarks>
    public override bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
    {
        while (true)
        {
            int crossings = Volatile.Read(ref _crossings);
            foreach (RecordIndex index in Volatile.Read(ref _indexes))
            {
                if (index is RecordIndex<TRecord> typed)
                {
                    if (typed.TryRead(key, hash, out record))
                    {
                        return true;
                    }
                }
                else if (index.TryFindRecord(key, hash, out ITuple? foreign, out EntryNode? node))
                {
                    bool isLive = IsLive(node);
                    record = isLive ? RecordTypes.Cast<TRecord>(foreign) : default!;
                    return isLive;
                }
            }

            if (Volatile.Read(ref _crossings) == crossings)
            {
                record = default!;
                return false;
            }
        }
    }

    /// <summary>Finds the record of a key, whatever its type; null when there is none.</summary>
    public ITuple? FindRecord(object key, ulong hash)
    {
        RecordIndex[] indexes = Volatile.Read(ref _indexes);
        if (indexes.Length == 1)
        {
            if (indexes[0].TryFindRecord(key, hash, out ITuple? record, out EntryNode? node))
            {
                return IsLive(node) ? record : null;
            }

            // Not there, unless it has just moved to an index that was added meanwhile (S2).
            if (Volatile.Read(ref _indexes) == indexes)
            {
                return null;
            }
        }

        return TryGet(key, hash, out ITuple found) ? found : null;
    }

    /// <inheritdoc/>
    public override void Collect<TKey, TRecord>(TKey key, ulong hash, List<TRecord> into)
    {
        if (TryGet(key, hash, out TRecord record))
        {
            into.Add(record);
        }
    }

    /// <inheritdoc/>
    public override void CollectEntries<TKey>(TKey key, ulong hash, List<StoredEntry> into)
    {
        foreach (RecordIndex index in Volatile.Read(ref _indexes))
        {
            if (index.TryFindRecord(key, hash, out ITuple? record, out EntryNode? node))
            {
                into.Add(new StoredEntry(record, node));
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override void Visit(MatchPattern? pattern, RecordVisitor visitor)
    {
        foreach (RecordIndex index in Volatile.Read(ref _indexes))
        {
            index.Visit(pattern, Clock, visitor);
        }
    }

    /// <inheritdoc/>
    public override void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
    {
        RecordIndex home = FindOrAddIndex<TRecord>();
        RecordIndex? other = _indexes.Length == 1 ? null : FindOther(home, KeyOf(in record), hash);
        EntryNode? replaced;
        if (home is RecordIndex<TRecord> inline)
        {
            inline.Put(in record, node, hash, out replaced);
        }
        else
        {
            var slot = new BoxedRecord(KeyOf(in record), record);
            ((RecordIndex<BoxedRecord>)home).Put(in slot, node, hash, out replaced);
        }

        if (other is not null)
        {
            Volatile.Write(ref _crossings, _crossings + 1);
            other.Remove(KeyOf(in record), hash, out replaced);
        }

        Keeper.Leave(replaced, RemovalReason.Replaced);
        Keeper.Join(node, this, home, hash);
    }

    /// <inheritdoc/>
    /// <remarks>A table of one record type asks for its index once.</remarks>
    public override void PutBatch<TRecord>(PendingPuts<TRecord> puts, ref int stored)
    {
        RecordIndex home = FindOrAddIndex<TRecord>();
        if (home is not RecordIndex<TRecord> index || _indexes.Length != 1)
        {
            base.PutBatch(puts, ref stored);
            return;
        }

        index.Reserve(puts.Length);
        try
        {
            PutAll(index, puts, ref stored);
        }
        finally
        {
            index.Reserve(0);
        }
    }

    /// <inheritdoc/>
    public override void CatchUp(int entries)
    {
        if (_indexes.Length == 1)
        {
            _indexes[0].CatchUp(entries);
        }
    }

    private void PutAll<TRecord>(
        RecordIndex<TRecord> index, PendingPuts<TRecord> puts, ref int stored)
        where TRecord : ITuple
    {
        bool isLarge = index.Count >= ExpectFrom;
        for (int i = 0; i < puts.Length; i++)
        {
            if (isLarge && i + ExpectAhead < puts.Length)
            {
                index.Expect(puts.HashAt(i + ExpectAhead));
            }

            EntryNode? node = puts.NodeAt(i);
            index.Put(in puts.RecordAt(i), node, puts.HashAt(i), out EntryNode? replaced);
            if (replaced is not null || node is not null)
            {
                Keeper.Leave(replaced, RemovalReason.Replaced);
                Keeper.Join(node, this, index, puts.HashAt(i));
            }

            stored++;
        }
    }

    /// <inheritdoc/>
    public override int Remove<TKey>(TKey key, ulong hash)
    {
        foreach (RecordIndex index in _indexes)
        {
            if (index.Remove(key!, hash, out EntryNode? node))
            {
                int removed = IsThere(node) ? 1 : 0;
                Keeper.Leave(node, RemovalReason.Deleted);
                return removed;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    /// <remarks>Asks the pattern about all records before the first is removed: what a value's equality throws
    /// changes nothing.</remarks>
    public override int RemoveWhere(MatchPattern pattern)
    {
        Func<int>[] removals = [.. _indexes.Select(index => index.Choose(pattern, Clock, Keeper))];
        return removals.Sum(remove => remove());
    }

    /// <inheritdoc/>
    public override ITuple? RemoveNode(EntryNode node, bool wantsRecord) =>
        ((RecordIndex)node.Home!).RemoveNode(node, wantsRecord);

    /// <inheritdoc/>
    public override void Clear()
    {
        foreach (RecordIndex index in _indexes)
        {
            index.Clear(Keeper);
        }
    }

    private RecordIndex FindOrAddIndex<TRecord>()
        where TRecord : ITuple
    {
        RecordIndex? boxed = null;
        foreach (RecordIndex index in _indexes)
        {
            if (index is RecordIndex<TRecord>)
            {
                return index;
            }

            boxed = index is RecordIndex<BoxedRecord> ? index : boxed;
        }

        int inlineTypes = _indexes.Length - (boxed is null ? 0 : 1);
        if (RecordLayout<TRecord>.IsInline && inlineTypes < MaxInlineTypes)
        {
            return AddIndex(new RecordIndex<TRecord>(RecordLayout<TRecord>.At(KeyPosition), Clock, scale));
        }

        return boxed ?? AddIndex(new RecordIndex<BoxedRecord>(BoxedRecord.KeyElement, Clock, scale));
    }

    private RecordIndex AddIndex(RecordIndex added)
    {
        lane(_indexes.Length == 0 && added is not RecordIndex<BoxedRecord> ? added : null);
        Volatile.Write(ref _indexes, [.. _indexes, added]);
        return added;
    }

    private RecordIndex? FindOther(RecordIndex home, object key, ulong hash)
    {
        foreach (RecordIndex index in _indexes)
        {
            if (index != home && index.TryFindRecord(key, hash, out _, out _))
            {
                return index;
            }
        }

        return null;
    }
}
