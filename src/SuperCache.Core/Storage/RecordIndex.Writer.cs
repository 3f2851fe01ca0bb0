using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>What the partition's writer does.</content>
internal sealed partial class RecordIndex<TContent>
{
    /// <summary>Of a new table by number a put fills what is in so many: that takes it some tens of
    /// microseconds.</summary>
    private const int SegmentsAPut = 4;

    /// <summary>How many more entries may come at once; see <see cref="Reserve"/>.</summary>
    private int _reserved;

    /// <summary>Tells how many entries will be put in a row, so that segments grow at once to what they will need.
    /// 0 when they have been put.</summary>
    public void Reserve(int entries) => _reserved = entries;

    /// <inheritdoc/>
    public override void CatchUp(int entries)
    {
        if (_direct is not null)
        {
            ShowNext(segments: entries);
        }
    }

    /// <summary>Stores an entry; true when its key was there already, with the node of the entry it replaced.</summary>
    public bool Put(in TContent content, EntryNode? node, ulong hash, out EntryNode? replaced) => Key.Kind switch
    {
        KeyKind.String => Put(new StringMatch(
            KeyIn<string>(in content), Key.Offset), in content, node, hash, out replaced),
        KeyKind.Int32 => PutNumber(new ValueMatch<int>(
            KeyIn<int>(in content), Key.Offset), in content, node, hash, out replaced),
        KeyKind.Int64 => PutNumber(new ValueMatch<long>(
            KeyIn<long>(in content), Key.Offset), in content, node, hash, out replaced),
        KeyKind.Guid => Put(new ValueMatch<Guid>(
            KeyIn<Guid>(in content), Key.Offset), in content, node, hash, out replaced),
        _ => Put(new SameKeyMatch<TContent>(content, _key), in content, node, hash, out replaced),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T KeyIn<T>(in TContent content) =>
        Unsafe.As<TContent, T>(ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in content), Key.Offset));

    private bool PutNumber<TMatch>(
        TMatch match, in TContent content, EntryNode? node, ulong hash, out EntryNode? replaced)
        where TMatch : struct, IKeyMatch
    {
        if (_direct is not { } direct)
        {
            return Put(match, in content, node, hash, out replaced);
        }

        bool wasShown = direct.Hide(in content, hash);
        bool isReplaced = Put(match, in content, node, hash, out replaced);
        if (node is null)
        {
            direct.Show(in content, hash);
        }
        else if (wasShown)
        {
            direct.OnNoted();
        }

        ConsiderIfDue();
        ShowNext(segments: SegmentsAPut);
        return isReplaced;
    }

    /// <summary>Shows readers of numbers what they have not been shown yet, up to a number of segments.</summary>
    private void ShowNext(int segments)
    {
        for (int i = 0; i < segments && _direct!.TryNext(out uint position); i++)
        {
            _direct.Show(SegmentOf(position));
        }
    }

    private void ConsiderIfDue()
    {
        if (_direct?.IsDue(Count) == true)
        {
            _direct.Consider(_segments[0], Count);
        }
    }

    private bool Put<TMatch>(
        TMatch match, in TContent content, EntryNode? node, ulong hash, out EntryNode? replaced)
        where TMatch : struct, IKeyMatch
    {
        uint position = HashBits.Position(hash, _scale);
        Segment<TContent> segment = SegmentOf(position);
        int place = segment.Search(match, position, out int vacant);
        if (place >= 0)
        {
            replaced = segment.NodeAt(place);
            segment.Replace(place, in content, node);
            return true;
        }

        replaced = null;
        if (_overflow is { } overflow && overflow.TryReplace(match.Box(), in content, node, out replaced))
        {
            return true;
        }

        if (vacant >= 0 && !segment.IsFull)
        {
            segment.Add(vacant, in content, node, position);
        }
        else
        {
            MakeRoomAndAdd(in content, node, position);
        }

        Volatile.Write(ref _count, _count + 1);
        return false;
    }

    /// <inheritdoc/>
    public override bool Remove(object key, ulong hash, out EntryNode? node)
    {
        _direct?.Remove(key, hash);
        uint position = HashBits.Position(hash, _scale);
        Segment<TContent> segment = SegmentOf(position);
        int place = segment.Search(new ObjectMatch<TContent>(key, _key), position, out _);
        if (place >= 0)
        {
            node = segment.NodeAt(place);
            segment.Remove(place);
            ShrinkIfSparse(segment);
        }
        else if (_overflow is null || !_overflow.TryRemove(key, out node))
        {
            node = null;
            return false;
        }

        Volatile.Write(ref _count, _count - 1);
        ConsiderIfDue();
        return true;
    }

    /// <inheritdoc/>
    public override ITuple? RemoveNode(EntryNode node, bool wantsRecord)
    {
        uint position = HashBits.Position(node.Hash, _scale);
        Segment<TContent> segment = SegmentOf(position);
        int place = segment.FindNode(node, position);
        if (place >= 0)
        {
            ITuple? record = wantsRecord ? _key.Record(in segment.ContentAt(place)) : null;
            segment.Remove(place);
            ShrinkIfSparse(segment);
            Volatile.Write(ref _count, _count - 1);
            return record;
        }

        OverflowEntries<TContent>.Entry? entry = _overflow?.All.FirstOrDefault(e => e.Node == node);
        if (entry is null || !_overflow!.TryRemove(_key.Box(in entry.Content)!, out _))
        {
            return null;
        }

        Volatile.Write(ref _count, _count - 1);
        return wantsRecord ? _key.Record(in entry.Content) : null;
    }

    /// <summary>How many entries have a home slot of their own; for tests.</summary>
    public int Capacity => _segments.Distinct().Sum(segment => segment.Capacity);

    /// <inheritdoc/>
    public override int HitsOf(EntryNode node)
    {
        uint position = HashBits.Position(node.Hash, _scale);
        Segment<TContent> segment = SegmentOf(position);
        int place = segment.FindNode(node, position);
        return place < 0 ? 0 : segment.HitsAt(place);
    }

    /// <inheritdoc/>
    public override void ForgetHits(EntryNode node)
    {
        uint position = HashBits.Position(node.Hash, _scale);
        Segment<TContent> segment = SegmentOf(position);
        int place = segment.FindNode(node, position);
        if (place >= 0)
        {
            segment.HitsAt(place) = 0;
        }
    }

    /// <inheritdoc/>
    public override void Clear(NodeKeeper keeper)
    {
        Segment<TContent>[] segments = _segments;
        OverflowEntries<TContent>? overflow = _overflow;
        Reset();
        foreach (Segment<TContent> segment in segments.Distinct())
        {
            foreach (EntryNode node in segment.Nodes())
            {
                keeper.Leave(node, RemovalReason.Deleted);
            }
        }

        foreach (OverflowEntries<TContent>.Entry entry in overflow?.All ?? [])
        {
            keeper.Leave(entry.Node, RemovalReason.Deleted);
        }
    }

    /// <summary>Starts anew, as an empty index.</summary>
    [MemberNotNull(nameof(_segments))]
    public void Reset()
    {
        // Whoever has found the new segments on the long way must not find the old ones by the lane after that.
        _direct?.Empty();
        _lane?.Hide(_partition);
        Volatile.Write(ref _segments!, [new Segment<TContent>(this, FirstCapacity, depth: 0)]);
        _lane?.Show(_partition, _segments, 0, 1);
        Volatile.Write(ref _overflow, null);
        Volatile.Write(ref _count, 0);
    }

    private void MakeRoomAndAdd(in TContent content, EntryNode? node, uint position)
    {
        while (true)
        {
            Segment<TContent> segment = SegmentOf(position);
            segment.Search(default(NoMatch), position, out int vacant);
            if (vacant >= 0 && !segment.IsFull)
            {
                segment.Add(vacant, in content, node, position);
                return;
            }

            // No room within reach of a segment that is nearly empty: growing would not part such keys.
            bool isCrowded = segment.IsFull || segment.Count >= segment.Capacity / 8;
            if (vacant == Segment<TContent>.TooManyAlike || !isCrowded || !TryGrow(segment))
            {
                Overflow(in content, node, position);
                return;
            }
        }
    }

    private bool TryGrow(Segment<TContent> segment)
    {
        int capacity = segment.Capacity;
        int depth = segment.Depth;
        if (segment.IsFull && segment.IsWorn)
        {
            Rebuild(segment, new Segment<TContent>(this, capacity, depth));
        }
        else if (capacity < HashBits.SplitCapacity)
        {
            int step = Math.Max(capacity + Math.Max(FirstCapacity, capacity / 3), RoomFor(segment.Count, depth));
            Rebuild(segment, new Segment<TContent>(this, Math.Min(step, HashBits.SplitCapacity), depth));
        }
        else if (depth < HashBits.MaxDepth)
        {
            int half = Math.Max(capacity * 3 / 4, RoomFor(segment.Count / 2, depth + 1));
            var low = new Segment<TContent>(this, half, depth + 1);
            Rebuild(segment, low, new Segment<TContent>(this, half, depth + 1));
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>The capacity for a segment's entries and its share of those that were announced.</summary>
    private int RoomFor(int entries, int depth) =>
        (int)Math.Min(HashBits.SplitCapacity, (entries + (long)(_reserved >> depth)) * 3 / 2);

    private void ShrinkIfSparse(Segment<TContent> segment)
    {
        if (segment.IsSparse)
        {
            Rebuild(segment, new Segment<TContent>(this, Math.Max(FirstCapacity, segment.Capacity / 2), segment.Depth));
        }
    }

    private void Overflow(in TContent content, EntryNode? node, uint position)
    {
        _lane?.LeadElsewhere();
        OverflowEntries<TContent> overflow = _overflow ?? new OverflowEntries<TContent>();
        overflow.Add(_key.Box(in content)!, in content, node, position);
        Volatile.Write(ref _overflow, overflow);
    }

    /// <summary>Copies a segment's entries into one or two new ones and puts those in its place in the
    /// directory.</summary>
    private void Rebuild(Segment<TContent> old, Segment<TContent> low, Segment<TContent>? high = null)
    {
        high ??= low;
        foreach (int place in old.CopyTo(low, high))
        {
            Overflow(in old.ContentAt(place), old.NodeAt(place), old.PositionAt(place));
        }

        List<OverflowEntries<TContent>.Entry>? moved = null;
        foreach (OverflowEntries<TContent>.Entry entry in _overflow?.All ?? [])
        {
            Segment<TContent> target = HashBits.GoesUp(entry.Position, old.Depth) ? high : low;
            if (SegmentOf(entry.Position) == old && TryMove(entry, target))
            {
                (moved ??= []).Add(entry);
            }
        }

        Publish(old, low, high);
        Volatile.Write(ref _rebuilds, _rebuilds + 1);
        foreach (OverflowEntries<TContent>.Entry entry in moved ?? [])
        {
            _overflow!.TryRemove(_key.Box(in entry.Content)!, out _);
        }

        _direct?.OnGrown(low, Count);
    }

    private static bool TryMove(OverflowEntries<TContent>.Entry entry, Segment<TContent> target)
    {
        target.Search(default(NoMatch), entry.Position, out int vacant);
        if (vacant >= 0)
        {
            target.Add(vacant, in entry.Content, entry.Node, entry.Position);
        }

        return vacant >= 0;
    }

    private void Publish(Segment<TContent> old, Segment<TContent> low, Segment<TContent> high)
    {
        Segment<TContent>[] segments = _segments;
        int depth = int.Log2(segments.Length);
        if (low.Depth > depth)
        {
            segments = new Segment<TContent>[segments.Length * 2];
            for (int i = 0; i < segments.Length; i++)
            {
                segments[i] = _segments[i / 2];
            }

            Volatile.Write(ref _segments, segments);
        }

        int first = Array.IndexOf(segments, old);
        int end = Array.LastIndexOf(segments, old) + 1;
        int half = low == high ? end : (first + end) / 2;
        for (int i = first; i < end; i++)
        {
            Volatile.Write(ref segments[i], i < half ? low : high);
        }

        if (_lane?.Show(_partition, segments, first, end - first) == false)
        {
            Follow(null);
        }
    }
}
