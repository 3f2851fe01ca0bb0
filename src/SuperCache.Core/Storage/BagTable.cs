using SuperCache.Matching;

namespace SuperCache.Storage;

/// <summary>A table of kind <see cref="TableKind.Bag"/> or <see cref="TableKind.DuplicateBag"/>: many records a key.</summary>
/// <param name="keyPosition">See the base class.</param>
/// <param name="clock">See the base class.</param>
/// <param name="allowsDuplicates">Whether a record may be there more than once.</param>
internal sealed class BagTable(int keyPosition, TimeProvider clock, bool allowsDuplicates) : Table(keyPosition, clock)
{
    private readonly RecordIndex<BagSlot> _index = new(BagSlot.KeyElement);
    private long _count;

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
    {
        if (_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            foreach (BagItem item in slot.Bucket.Items)
            {
                if (IsLive(item.Node))
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

        foreach (BagItem item in slot.Bucket.Items)
        {
            if (IsLive(item.Node))
            {
                into.Add(RecordTypes.Cast<TRecord>(item.Record));
            }
        }
    }

    /// <inheritdoc/>
    public override void Visit(MatchPattern? pattern, RecordVisitor visitor) =>
        _index.Visit(new ItemVisitor(this, pattern, visitor));

    /// <inheritdoc/>
    public override void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
    {
        object key = KeyOf(in record);
        var item = new BagItem(record, node);
        if (!_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            var added = new BagSlot(key, Bucket.Of([item]), hash);
            _index.Put(in added, null, hash, out _);
        }
        else if (!allowsDuplicates && slot.Bucket.TryReplaceEqual(item))
        {
            return;
        }
        else
        {
            slot.Bucket.Add(item);
        }

        Volatile.Write(ref _count, _count + 1);
    }

    /// <inheritdoc/>
    public override int Remove<TKey>(TKey key, ulong hash)
    {
        if (!_index.TryFind(key, hash, out BagSlot slot, out _))
        {
            return 0;
        }

        _index.Remove(slot.Key, hash, out _);
        Volatile.Write(ref _count, _count - slot.Bucket.Count);
        return CountThere(slot.Bucket.Items);
    }

    /// <inheritdoc/>
    public override int RemoveWhere(MatchPattern pattern)
    {
        var changes = new List<(BagSlot Slot, List<BagItem> Staying)>();
        int removed = 0;
        _index.Visit(new ChangeCollector(pattern, changes));
        foreach ((BagSlot slot, List<BagItem> staying) in changes)
        {
            removed += CountThere(slot.Bucket.Items) - CountThere([.. staying]);
            Volatile.Write(ref _count, _count - slot.Bucket.Count + staying.Count);
            if (staying.Count == 0)
            {
                _index.Remove(slot.Key, slot.Hash, out _);
            }
            else
            {
                var replacement = new BagSlot(slot.Key, Bucket.Of(staying), slot.Hash);
                _index.Put(in replacement, null, slot.Hash, out _);
            }
        }

        return removed;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        _index.Reset();
        Volatile.Write(ref _count, 0);
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

    private sealed class ItemVisitor(BagTable table, MatchPattern? pattern, RecordVisitor visitor) : SlotVisitor<BagSlot>
    {
        public override void Visit(in BagSlot slot, EntryNode? node)
        {
            foreach (BagItem item in slot.Bucket.Items)
            {
                if (table.IsThere(item.Node) && (pattern is null || pattern.Matches(item.Record)))
                {
                    visitor.Visit(item.Record);
                }
            }
        }
    }

    private sealed class ChangeCollector(MatchPattern pattern, List<(BagSlot Slot, List<BagItem> Staying)> changes)
        : SlotVisitor<BagSlot>
    {
        public override void Visit(in BagSlot slot, EntryNode? node)
        {
            var staying = new List<BagItem>();
            foreach (BagItem item in slot.Bucket.Items)
            {
                if (!pattern.Matches(item.Record))
                {
                    staying.Add(item);
                }
            }

            if (staying.Count != slot.Bucket.Count)
            {
                changes.Add((slot, staying));
            }
        }
    }
}
