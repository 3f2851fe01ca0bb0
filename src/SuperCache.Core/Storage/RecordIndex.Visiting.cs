namespace SuperCache.Storage;

/// <content>Visiting every entry.</content>
/// <remarks>A visit goes through the directory's range from low to high. A segment is copied group by group as it is met; if it is split
/// or rebuilt meanwhile, the visit goes on in the one that it holds, which then stands still (X2), and takes up the directory behind that
/// segment's range. An entry never changes its range, and within a group it moves only together with its tag, so that one which
/// is there throughout is met exactly once.</remarks>
internal sealed partial class RecordIndex<TSlot>
{
    /// <summary>Shows every entry to a visitor, expired ones included. Any thread; no lock is held.</summary>
    public void Visit(SlotVisitor<TSlot> visitor)
    {
        const ulong End = 1UL << 32;
        ulong position = 0;
        while (position < End)
        {
            Group<TSlot>[][] directory = Volatile.Read(ref _directory);
            int shift = 32 - int.Log2(directory.Length);
            int first = (int)(position >> shift);
            int next = first + 1;
            while (next < directory.Length && directory[next] == directory[first])
            {
                next++;
            }

            ulong end = (ulong)next << shift;
            VisitOverflow(visitor, position, end);
            foreach (ref Group<TSlot> group in directory[first].AsSpan())
            {
                VisitGroup(ref group, visitor);
            }

            position = end;
        }
    }

    /// <summary>Removes the entries that a test chooses. Writer only; the test is asked about all before the first is removed.</summary>
    public int RemoveWhere(Func<TSlot, EntryNode?, bool> chosen)
    {
        int removed = 0;
        foreach (Segment<TSlot> segment in _segments.Distinct().ToArray())
        {
            List<int> places = [];
            foreach ((int place, _) in segment.Places())
            {
                if (chosen(segment.SlotAt(place), segment.NodeAt(place)))
                {
                    places.Add(place);
                }
            }

            places.ForEach(segment.Remove);
            removed += places.Count;
            ShrinkIfSparse(segment);
        }

        foreach (OverflowEntries<TSlot>.Entry entry in _overflow?.All.ToArray() ?? [])
        {
            if (chosen(entry.Slot, entry.Node) && _overflow!.TryRemove(_key.Box(in entry.Slot)!, out _))
            {
                removed++;
            }
        }

        Volatile.Write(ref _count, _count - removed);
        return removed;
    }

    private static void VisitGroup(ref Group<TSlot> group, SlotVisitor<TSlot> visitor)
    {
        EightSlots<TSlot> slots;
        ulong tags;
        byte noted;
        EntryNode?[]? nodes;
        uint version;
        do
        {
            version = Volatile.Read(ref group.Version);
            tags = Volatile.Read(ref group.Tags);
            noted = group.Noted;
            nodes = noted == 0 ? null : (EntryNode?[]?)group.Nodes?.Clone();
            slots = group.Slots;
            Volatile.ReadBarrier();
        }
        while (group.Version != version);

        for (ulong used = HashBits.Used(tags); used != 0; used &= used - 1)
        {
            int i = int.CreateTruncating(ulong.TrailingZeroCount(used)) >> 3;
            visitor.Visit(in slots[i], (noted & (1 << i)) != 0 ? nodes?[i] : null);
        }
    }

    private void VisitOverflow(SlotVisitor<TSlot> visitor, ulong start, ulong end)
    {
        foreach (OverflowEntries<TSlot>.Entry entry in Volatile.Read(ref _overflow)?.All ?? [])
        {
            ulong position = HashBits.Position(entry.Hash) << 8;
            if (position >= start && position < end)
            {
                visitor.Visit(in entry.Slot, entry.Node);
            }
        }
    }
}
