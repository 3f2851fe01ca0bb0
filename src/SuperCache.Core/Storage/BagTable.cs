using System.Runtime.CompilerServices;
using SuperCache.Matching;

namespace SuperCache.Storage;

/// <summary>A table of kind <see cref="TableKind.Bag"/> or <see cref="TableKind.DuplicateBag"/>: many records a
/// key.</summary>
/// <param name="keyPosition">See the base class.</param>
/// <param name="clock">See the base class.</param>
/// <param name="keeper">See the base class.</param>
/// <param name="scale">See <see cref="HashBits.Position"/>.</param>
/// <param name="allowsDuplicates">Whether a record may be there more than once.</param>
internal sealed class BagTable(
    int keyPosition, TimeProvider clock, NodeKeeper keeper, int scale, bool allowsDuplicates)
    : Table(keyPosition, clock, keeper)
{
    private readonly RecordIndex<BagSlot> _index = new(BagSlot.KeyElement, clock, scale);
    private long _count;

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
    {
        if (_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            foreach (BagItem? item in slot.Bucket.Items)
            {
                if (item is not null && IsLive(item.Node))
                {
                    record = RecordTypes.Cast<TRecord>(item.Record);
                    return true;
                }
            }
        }

        record = default!;
        return false;
    }

    /// <inheritdoc/>
    public override void Collect<TKey, TRecord>(TKey key, ulong hash, List<TRecord> into)
    {
        if (!_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            return;
        }

        foreach (BagItem? item in slot.Bucket.Items)
        {
            if (item is not null && IsLive(item.Node))
            {
                into.Add(RecordTypes.Cast<TRecord>(item.Record));
            }
        }
    }

    /// <inheritdoc/>
    public override void CollectEntries<TKey>(TKey key, ulong hash, List<StoredEntry> into)
    {
        if (_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            foreach (BagItem? item in slot.Bucket.Items)
            {
                if (item is not null)
                {
                    into.Add(new StoredEntry(item.Record, item.Node));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void VisitKeys(RecordVisitor visitor) => _index.Visit(new KeyVisitor(visitor));

    /// <inheritdoc/>
    public override int RemoveSome<TKey>(TKey key, ulong hash, ReadOnlySpan<int> places)
    {
        if (!_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            return 0;
        }

        BagItem[] items = slot.Bucket.ToArray();
        var leaving = new HashSet<BagItem>();
        foreach (int place in places)
        {
            if ((uint)place < (uint)items.Length)
            {
                leaving.Add(items[place]);
            }
        }

        return Keep(slot, Array.FindAll(items, item => !leaving.Contains(item)));
    }

    /// <inheritdoc/>
    public override void Visit(MatchPattern? pattern, RecordVisitor visitor) =>
        _index.Visit(new ItemVisitor(this, pattern, visitor));

    /// <inheritdoc/>
    public override void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
    {
        object key = KeyOf(in record);
        var item = new BagItem(record, node);
        BagItem? replaced = null;
        if (!_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            var added = new BagSlot(key, Bucket.Of([item]), hash);
            _index.Put(in added, null, hash, out _);
        }
        else if (allowsDuplicates || !slot.Bucket.TryReplaceEqual(item, out replaced))
        {
            slot.Bucket.Add(item);
        }

        Volatile.Write(ref _count, _count + (replaced is null ? 1 : 0));
        Keeper.Leave(replaced?.Node, RemovalReason.Replaced);
        Keeper.Join(node, this, key, hash);
    }

    /// <inheritdoc/>
    public override int Remove<TKey>(TKey key, ulong hash) =>
        _index.TryFind(key, hash, out BagSlot slot, out _) ? Keep(slot, []) : 0;

    /// <inheritdoc/>
    public override int RemoveWhere(MatchPattern pattern)
    {
        var changes = new List<(BagSlot Slot, BagItem[] Staying)>();
        _index.Visit(new ChangeCollector(pattern, changes));
        return changes.Sum(change => Keep(change.Slot, change.Staying));
    }

    /// <inheritdoc/>
    public override ITuple? RemoveNode(EntryNode node, bool wantsRecord)
    {
        if (!_index.TryFind(node.Home!, node.Hash, out BagSlot slot, out _))
        {
            return null;
        }

        Bucket bucket = slot.Bucket;
        BagItem? removed = bucket.Remove(node);
        Volatile.Write(ref _count, _count - (removed is null ? 0 : 1));
        if (bucket.Count == 0 || bucket.IsSparse)
        {
            Store(slot, bucket.ToArray());
        }

        return wantsRecord ? removed?.Record : null;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        var all = new List<(BagSlot Slot, BagItem[] Staying)>();
        _index.Visit(new ChangeCollector(null, all));
        _index.Reset();
        Volatile.Write(ref _count, 0);
        foreach ((BagSlot slot, _) in all)
        {
            foreach (BagItem? item in slot.Bucket.Items)
            {
                Keeper.Leave(item?.Node, RemovalReason.Deleted);
            }
        }
    }

    /// <summary>Removes all items of a key but some, and counts those that were there.</summary>
    private int Keep(BagSlot slot, BagItem[] staying)
    {
        BagItem[] leaving = [.. slot.Bucket.ToArray().Except(staying)];
        int removed = CountThere(leaving);
        Store(slot, staying);
        foreach (BagItem item in leaving)
        {
            Keeper.Leave(item.Node, RemovalReason.Deleted);
        }

        return removed;
    }

    private void Store(BagSlot slot, BagItem[] items)
    {
        if (items.Length == 0)
        {
            _index.Remove(slot.Key, slot.Hash, out _);
        }
        else
        {
            var replacement = new BagSlot(slot.Key, Bucket.Of(items), slot.Hash);
            _index.Put(in replacement, null, slot.Hash, out _);
        }

        Volatile.Write(ref _count, _count - slot.Bucket.Count + items.Length);
    }

    private int CountThere(ReadOnlySpan<BagItem> items)
    {
        int count = 0;
        foreach (BagItem item in items)
        {
            count += IsThere(item.Node) ? 1 : 0;
        }

        return count;
    }

    private sealed class ItemVisitor(BagTable table, MatchPattern? pattern, RecordVisitor visitor)
        : SlotVisitor<BagSlot>
    {
        public override void Visit(in BagSlot slot, EntryNode? node)
        {
            foreach (BagItem? item in slot.Bucket.Items)
            {
                if (item is not null && table.IsThere(item.Node) && (pattern is null || pattern.Matches(item.Record)))
                {
                    visitor.Visit(item.Record);
                }
            }
        }
    }

    private sealed class KeyVisitor(RecordVisitor visitor) : SlotVisitor<BagSlot>
    {
        public override void Visit(in BagSlot slot, EntryNode? node)
        {
            foreach (BagItem? item in slot.Bucket.Items)
            {
                if (item is not null)
                {
                    visitor.Visit(item.Record);
                    return;
                }
            }
        }
    }

    private sealed class ChangeCollector(MatchPattern? pattern, List<(BagSlot Slot, BagItem[] Staying)> changes)
        : SlotVisitor<BagSlot>
    {
        public override void Visit(in BagSlot slot, EntryNode? node)
        {
            BagItem[] items = slot.Bucket.ToArray();
            BagItem[] staying = pattern is null ? [] : Array.FindAll(items, item => !pattern.Matches(item.Record));
            if (staying.Length != items.Length)
            {
                changes.Add((slot, staying));
            }
        }
    }
}
