namespace SuperCache.Storage;

/// <content>Visiting every entry.</content>
/// <remarks>A visit goes through the directory's range from low to high. A segment is gone through slot by slot as it
/// is met, each copied whole before it is shown; if the segment is split or rebuilt meanwhile, the visit goes on in
/// the one that it holds, which then stands still (X2), and takes up the directory behind that segment's range. An
/// entry never changes its range, and in a segment it never moves (X4). One that a rebuild moves into or out of the
/// overflow is in both while the directory changes: the overflow is therefore read while no rebuild ends, and what
/// was met there is passed over in the segment. So an entry that is there throughout is met exactly once.</remarks>
internal sealed partial class RecordIndex<TContent>
{
    /// <summary>Shows every entry to a visitor, expired ones included. Any thread; no lock is held.</summary>
    public void Visit(SlotVisitor<TContent> visitor)
    {
        ulong position = 0;
        while (position < HashBits.End)
        {
            int rebuilds = Volatile.Read(ref _rebuilds);
            Segment<TContent> segment = SegmentOf((uint)position);
            ulong end = segment.EndOf(position);
            OverflowEntries<TContent>.Entry[] overflow = OverflowBetween(position, end);
            if (Volatile.Read(ref _rebuilds) == rebuilds)
            {
                segment.Visit(overflow.Length == 0 ? visitor : VisitOverflow(overflow, visitor));
                position = end;
            }
        }
    }

    /// <summary>Asks a test about every entry and returns what removes those that it chooses and counts them. Writer
    /// only; to be called before the next change.</summary>
    private Func<int> Choose(Func<TContent, EntryNode?, bool> chosen)
    {
        var places = new List<(Segment<TContent> Segment, List<int> Places)>();
        foreach (Segment<TContent> segment in _segments.Distinct())
        {
            List<int> some = [];
            foreach (int place in segment.Places())
            {
                if (chosen(segment.ContentAt(place), segment.NodeAt(place)))
                {
                    some.Add(place);
                }
            }

            places.Add((segment, some));
        }

        OverflowEntries<TContent>.Entry[] overflow =
            [.. (_overflow?.All ?? []).Where(entry => chosen(entry.Content, entry.Node))];
        return () => Remove(places, overflow);
    }

    private int Remove(
        List<(Segment<TContent> Segment, List<int> Places)> chosen, OverflowEntries<TContent>.Entry[] overflow)
    {
        // The overflow first: a rebuilt segment may take entries in from there.
        int removed = 0;
        foreach (OverflowEntries<TContent>.Entry entry in overflow)
        {
            _direct?.Remove(in entry.Content);
            removed += _overflow!.TryRemove(_key.Box(in entry.Content)!, out _) ? 1 : 0;
        }

        foreach ((Segment<TContent> segment, List<int> places) in chosen)
        {
            foreach (int place in places)
            {
                _direct?.Remove(in segment.ContentAt(place));
                segment.Remove(place);
            }

            removed += places.Count;
            if (places.Count != 0)
            {
                ShrinkIfSparse(segment);
            }
        }

        Volatile.Write(ref _count, _count - removed);
        if (removed != 0)
        {
            _direct?.Consider(_segments[0], Count);
        }

        return removed;
    }

    private OverflowEntries<TContent>.Entry[] OverflowBetween(ulong start, ulong end) =>
        Volatile.Read(ref _overflow) is { } overflow
            ? [.. overflow.All.Where(entry => entry.Position >= start && entry.Position < end)]
            : [];

    private Unmet VisitOverflow(OverflowEntries<TContent>.Entry[] entries, SlotVisitor<TContent> visitor)
    {
        var met = new HashSet<object>();
        foreach (OverflowEntries<TContent>.Entry entry in entries)
        {
            met.Add(_key.Box(in entry.Content)!);
            visitor.Visit(in entry.Content, entry.Node);
        }

        return new Unmet(met, _key, visitor);
    }

    /// <summary>Shows the entries whose keys have not been met.</summary>
    private sealed class Unmet(
        HashSet<object> met, Records.RecordElement<TContent> key, SlotVisitor<TContent> visitor)
        : SlotVisitor<TContent>
    {
        public override void Visit(in TContent content, EntryNode? node)
        {
            if (!met.Contains(key.Box(in content)!))
            {
                visitor.Visit(in content, node);
            }
        }
    }
}
