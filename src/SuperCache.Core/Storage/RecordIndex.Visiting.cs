using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>Visiting every entry.</content>
/// <remarks>A visit goes through the directory's range from low to high. A segment is copied group by group as it is met; if it is split
/// or rebuilt meanwhile, the visit goes on in the one that it holds, which then stands still (X2), and takes up the directory behind that
/// segment's range. An entry never changes its range, and within a group it moves only together with its tag. One that a rebuild moves
/// into or out of the overflow is in both while the directory changes: the overflow is therefore read with a directory that stands
/// meanwhile, and what was met there is passed over in the segment. So an entry that is there throughout is met exactly once.</remarks>
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
            OverflowEntries<TSlot>.Entry[] overflow = OverflowBetween(position, end);
            if (Volatile.Read(ref _directory) != directory)
            {
                continue;
            }

            SlotVisitor<TSlot> others = overflow.Length == 0 ? visitor : VisitOverflow(overflow, visitor);
            foreach (ref Group<TSlot> group in directory[first].AsSpan())
            {
                VisitGroup(ref group, others);
            }

            position = end;
        }
    }

    /// <summary>Asks a test about every entry and returns what removes those that it chooses and counts them. Writer only; to be
    /// called before the next change.</summary>
    private Func<int> Choose(Func<TSlot, EntryNode?, bool> chosen)
    {
        var places = new List<(Segment<TSlot> Segment, List<int> Places)>();
        foreach (Segment<TSlot> segment in _segments.Distinct())
        {
            List<int> some = [];
            foreach ((int place, _) in segment.Places())
            {
                if (chosen(segment.SlotAt(place), segment.NodeAt(place)))
                {
                    some.Add(place);
                }
            }

            places.Add((segment, some));
        }

        OverflowEntries<TSlot>.Entry[] overflow = [.. (_overflow?.All ?? []).Where(entry => chosen(entry.Slot, entry.Node))];
        return () => Remove(places, overflow);
    }

    private int Remove(List<(Segment<TSlot> Segment, List<int> Places)> chosen, OverflowEntries<TSlot>.Entry[] overflow)
    {
        // The overflow first: a rebuilt segment may take entries in from there.
        int removed = overflow.Count(entry => _overflow!.TryRemove(_key.Box(in entry.Slot)!, out _));
        foreach ((Segment<TSlot> segment, List<int> places) in chosen)
        {
            places.ForEach(segment.Remove);
            removed += places.Count;
            if (places.Count != 0 && segment.IsSparse)
            {
                Rebuild(segment, new Segment<TSlot>(segment.Groups.Length / 2, segment.Depth));
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

    private OverflowEntries<TSlot>.Entry[] OverflowBetween(ulong start, ulong end)
    {
        return Volatile.Read(ref _overflow) is { } overflow ? [.. overflow.All.Where(IsBetween)] : [];

        bool IsBetween(OverflowEntries<TSlot>.Entry entry)
        {
            ulong position = HashBits.Position(entry.Hash) << 8;
            return position >= start && position < end;
        }
    }

    private Unmet VisitOverflow(OverflowEntries<TSlot>.Entry[] entries, SlotVisitor<TSlot> visitor)
    {
        var met = new HashSet<object>();
        foreach (OverflowEntries<TSlot>.Entry entry in entries)
        {
            met.Add(_key.Box(in entry.Slot)!);
            visitor.Visit(in entry.Slot, entry.Node);
        }

        return new Unmet(met, _key, visitor);
    }

    /// <summary>Shows the entries whose keys have not been met.</summary>
    private sealed class Unmet(HashSet<object> met, RecordElement<TSlot> key, SlotVisitor<TSlot> visitor) : SlotVisitor<TSlot>
    {
        public override void Visit(in TSlot slot, EntryNode? node)
        {
            if (!met.Contains(key.Box(in slot)!))
            {
                visitor.Visit(in slot, node);
            }
        }
    }
}
