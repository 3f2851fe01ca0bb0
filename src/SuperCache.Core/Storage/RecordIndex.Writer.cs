using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <content>What the partition's writer does.</content>
internal sealed partial class RecordIndex<TSlot>
{
    /// <summary>Stores an entry; true when its key was there already, with the node of the entry it replaced.</summary>
    public bool Put(in TSlot slot, EntryNode? node, ulong hash, out EntryNode? replaced)
    {
        var match = new SameKeyMatch<TSlot>(slot, _key);
        Segment<TSlot> segment = SegmentOf(hash);
        int place = segment.Find(match, hash);
        if (place >= 0)
        {
            replaced = segment.NodeAt(place);
            segment.Replace(place, in slot, node);
            return true;
        }

        if (_overflow is { } overflow && overflow.TryReplace(_key.Box(in slot)!, in slot, node, out replaced))
        {
            return true;
        }

        replaced = null;
        Add(in slot, node, hash);
        Volatile.Write(ref _count, _count + 1);
        return false;
    }

    /// <summary>Removes the entry of a key.</summary>
    public bool Remove<TMatch>(TMatch match, object? boxedKey, ulong hash, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        Segment<TSlot> segment = SegmentOf(hash);
        int place = segment.Find(match, hash);
        if (place >= 0)
        {
            node = segment.NodeAt(place);
            segment.Remove(place);
            ShrinkIfSparse(segment);
        }
        else if (_overflow is null || boxedKey is null || !_overflow.TryRemove(boxedKey, out node))
        {
            node = null;
            return false;
        }

        Volatile.Write(ref _count, _count - 1);
        return true;
    }

    /// <inheritdoc/>
    public override bool Remove(object key, ulong hash, out EntryNode? node) =>
        Remove(new ObjectMatch<TSlot>(key, _key), key, hash, out node);

    /// <inheritdoc/>
    public override ITuple? RemoveNode(EntryNode node, bool wantsRecord)
    {
        Segment<TSlot> segment = SegmentOf(node.Hash);
        int place = segment.FindNode(node);
        if (place >= 0)
        {
            ITuple? record = wantsRecord ? _key.Record(in segment.SlotAt(place)) : null;
            segment.Remove(place);
            ShrinkIfSparse(segment);
            Volatile.Write(ref _count, _count - 1);
            return record;
        }

        OverflowEntries<TSlot>.Entry? entry = _overflow?.All.FirstOrDefault(e => e.Node == node);
        if (entry is null || !_overflow!.TryRemove(_key.Box(in entry.Slot)!, out _))
        {
            return null;
        }

        Volatile.Write(ref _count, _count - 1);
        return wantsRecord ? _key.Record(in entry.Slot) : null;
    }

    /// <inheritdoc/>
    public override void Clear(NodeKeeper keeper)
    {
        Segment<TSlot>[] segments = _segments;
        OverflowEntries<TSlot>? overflow = _overflow;
        Reset();
        foreach (Segment<TSlot> segment in segments.Distinct())
        {
            foreach (EntryNode node in segment.Nodes())
            {
                keeper.Leave(node, RemovalReason.Deleted);
            }
        }

        foreach (OverflowEntries<TSlot>.Entry entry in overflow?.All ?? [])
        {
            keeper.Leave(entry.Node, RemovalReason.Deleted);
        }
    }

    /// <summary>Starts anew, as an empty index.</summary>
    [MemberNotNull(nameof(_segments), nameof(_directory))]
    public void Reset()
    {
        Segment<TSlot>[] segments = [new(FirstGroups, depth: 0)];
        _segments = segments;
        Volatile.Write(ref _directory!, [segments[0].Groups]);
        Volatile.Write(ref _overflow, null);
        Volatile.Write(ref _count, 0);
    }

    private Segment<TSlot> SegmentOf(ulong hash) =>
        _segments[HashBits.Directory(HashBits.Position(hash), _segments.Length)];

    private void Add(in TSlot slot, EntryNode? node, ulong hash)
    {
        while (true)
        {
            Segment<TSlot> segment = SegmentOf(hash);
            if (!segment.IsFull && segment.TryAdd(in slot, node, hash))
            {
                return;
            }

            // No room within reach of a segment that is nearly empty: growing would not part keys with one hash.
            bool crowded = segment.Count >= segment.Capacity / 8;
            if (crowded && segment.Groups.Length < HashBits.MaxGroups)
            {
                Rebuild(segment, new Segment<TSlot>(segment.Groups.Length * 2, segment.Depth));
            }
            else if (crowded && segment.Depth < HashBits.MaxDepth)
            {
                Rebuild(
                    segment,
                    new Segment<TSlot>(HashBits.MaxGroups, segment.Depth + 1),
                    new Segment<TSlot>(HashBits.MaxGroups, segment.Depth + 1));
            }
            else
            {
                Overflow(segment, in slot, node, hash);
                return;
            }
        }
    }

    private void ShrinkIfSparse(Segment<TSlot> segment)
    {
        if (segment.IsSparse)
        {
            Rebuild(segment, new Segment<TSlot>(segment.Groups.Length / 2, segment.Depth));
        }
    }

    private void Overflow(Segment<TSlot> segment, in TSlot slot, EntryNode? node, ulong hash)
    {
        OverflowEntries<TSlot> overflow = _overflow ?? new OverflowEntries<TSlot>();
        overflow.Add(_key.Box(in slot)!, in slot, node, hash);
        Volatile.Write(ref _overflow, overflow);
        segment.PassOverAll(hash);
    }

    /// <summary>Copies a segment's entries into one or two new ones and puts those in its place in the
    /// directory.</summary>
    private void Rebuild(Segment<TSlot> old, Segment<TSlot> low, Segment<TSlot>? high = null)
    {
        foreach ((int place, ulong hash) in old.Places())
        {
            Segment<TSlot> target = Choose(hash);
            if (!target.TryAdd(in old.SlotAt(place), old.NodeAt(place), hash))
            {
                Overflow(target, in old.SlotAt(place), old.NodeAt(place), hash);
            }
        }

        List<OverflowEntries<TSlot>.Entry>? moved = null;
        foreach (OverflowEntries<TSlot>.Entry entry in _overflow?.All ?? [])
        {
            if (SegmentOf(entry.Hash) == old && !Choose(entry.Hash).TryAdd(in entry.Slot, entry.Node, entry.Hash))
            {
                Choose(entry.Hash).PassOverAll(entry.Hash);
            }
            else if (SegmentOf(entry.Hash) == old)
            {
                (moved ??= []).Add(entry);
            }
        }

        Publish(old, low, high ?? low);
        foreach (OverflowEntries<TSlot>.Entry entry in moved ?? [])
        {
            _overflow!.TryRemove(_key.Box(in entry.Slot)!, out _);
        }

        Segment<TSlot> Choose(ulong hash) =>
            high is not null && HashBits.GoesUp(HashBits.Position(hash), old.Depth) ? high : low;
    }

    private void Publish(Segment<TSlot> old, Segment<TSlot> low, Segment<TSlot> high)
    {
        int depth = int.Log2(_segments.Length);
        int newDepth = Math.Max(depth, low.Depth);
        var segments = new Segment<TSlot>[1 << newDepth];
        var directory = new Group<TSlot>[segments.Length][];
        for (int i = 0; i < segments.Length; i++)
        {
            Segment<TSlot> segment = _segments[i >> (newDepth - depth)];
            if (segment == old)
            {
                bool up = low != high && (i & (1 << (newDepth - 1 - old.Depth))) != 0;
                segment = up ? high : low;
            }

            segments[i] = segment;
            directory[i] = segment.Groups;
        }

        _segments = segments;
        Volatile.Write(ref _directory, directory);
    }
}
