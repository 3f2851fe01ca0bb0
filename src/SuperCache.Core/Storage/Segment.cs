using System.Numerics;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>A power of two of groups: the unit in which a hash index grows. All members but <see cref="Groups"/> are
/// the writer's.</summary>
/// <remarks>A full segment is never enlarged in place; the index copies it into one or two new ones and publishes
/// those.
/// The old one stays as it is for the readers that hold it.</remarks>
internal sealed class Segment<TSlot>
{
    private readonly uint[] _positions;

    public Segment(int groups, int depth)
    {
        Groups = new Group<TSlot>[groups];
        _positions = new uint[groups * HashBits.SlotsPerGroup];
        Depth = depth;
    }

    /// <summary>What readers search.</summary>
    public Group<TSlot>[] Groups { get; }

    /// <summary>How many of the directory's bits all entries of this segment share.</summary>
    public int Depth { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    public int Capacity => _positions.Length;

    /// <summary>Whether the segment should grow before it takes another entry: 11 of 16 slots are used.</summary>
    public bool IsFull => Count > Capacity * 11 / 16;

    /// <summary>Whether so few slots are used that a smaller segment would do.</summary>
    public bool IsSparse => Groups.Length > 2 && Count < Capacity / 8;

    /// <summary>Finds the slot of a key, or -1.</summary>
    public int Find<TMatch>(TMatch match, ulong hash)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        int index = HashBits.Group(HashBits.Position(hash), Groups.Length);
        for (int left = Math.Min(HashBits.ProbeLimit, Groups.Length); left > 0; left--)
        {
            ref Group<TSlot> group = ref Groups[index];
            ulong candidates = HashBits.Candidates(group.Tags, HashBits.Tag(hash));
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int i = BitOperations.TrailingZeroCount(candidates) >> 3;
                if (match.Matches(ref group.Slots[i]))
                {
                    return index * HashBits.SlotsPerGroup + i;
                }
            }

            if (group.Passed == 0)
            {
                return -1;
            }

            index = (index + 1) & (Groups.Length - 1);
        }

        return -1;
    }

    /// <summary>Finds the slot that has a node, or -1.</summary>
    public int FindNode(EntryNode node)
    {
        int index = HashBits.Group(HashBits.Position(node.Hash), Groups.Length);
        for (int left = Math.Min(HashBits.ProbeLimit, Groups.Length); left > 0; left--)
        {
            ref Group<TSlot> group = ref Groups[index];
            int i = group.Nodes is null ? -1 : Array.IndexOf(group.Nodes, node);
            if (i >= 0)
            {
                return (index * HashBits.SlotsPerGroup) + i;
            }

            index = (index + 1) & (Groups.Length - 1);
        }

        return -1;
    }

    /// <summary>The nodes of all entries that have one.</summary>
    public IEnumerable<EntryNode> Nodes() => Places().Select(p => NodeAt(p.Place)).OfType<EntryNode>();

    /// <summary>The node of a slot that <see cref="Find"/> returned.</summary>
    public EntryNode? NodeAt(int place) =>
        Groups[place / HashBits.SlotsPerGroup].Nodes?[place % HashBits.SlotsPerGroup];

    /// <summary>The content of a slot that <see cref="Find"/> returned.</summary>
    public ref TSlot SlotAt(int place) =>
        ref Groups[place / HashBits.SlotsPerGroup].Slots[place % HashBits.SlotsPerGroup];

    /// <summary>Adds an entry whose key is not there yet; false when no group within reach has room.</summary>
    public bool TryAdd(in TSlot slot, EntryNode? node, ulong hash)
    {
        int home = HashBits.Group(HashBits.Position(hash), Groups.Length);
        int index = home;
        for (int left = Math.Min(HashBits.ProbeLimit, Groups.Length); left > 0; left--)
        {
            ref Group<TSlot> group = ref Groups[index];
            ulong free = HashBits.Free(group.Tags);
            if (BitOperations.PopCount(free) > HashBits.SlotsPerGroup - HashBits.UsableSlots)
            {
                PassOver(home, index);
                int i = Write(ref group, in slot, node);
                _positions[index * HashBits.SlotsPerGroup + i] = HashBits.Position(hash);
                Volatile.Write(ref group.Tags, group.Tags | (HashBits.Tag(hash) << (i * 8)));
                Count++;
                return true;
            }

            index = (index + 1) & (Groups.Length - 1);
        }

        return false;
    }

    /// <summary>Marks every group within reach of a hash as passed over: an entry at home here lies in the
    /// overflow.</summary>
    public void PassOverAll(ulong hash)
    {
        int home = HashBits.Group(HashBits.Position(hash), Groups.Length);
        for (int i = 0; i < Math.Min(HashBits.ProbeLimit, Groups.Length); i++)
        {
            Groups[(home + i) & (Groups.Length - 1)].Passed = byte.MaxValue;
        }
    }

    /// <summary>Puts an entry in the place of the one with the same key, in one step for readers.</summary>
    public void Replace(int place, in TSlot slot, EntryNode? node)
    {
        int index = place / HashBits.SlotsPerGroup;
        int old = place % HashBits.SlotsPerGroup;
        ref Group<TSlot> group = ref Groups[index];
        int i = Write(ref group, in slot, node);
        _positions[index * HashBits.SlotsPerGroup + i] = _positions[place];
        ulong tag = (group.Tags >> (old * 8)) & 0xFF;
        Volatile.Write(ref group.Tags, (group.Tags & ~(0xFFul << (old * 8))) | (tag << (i * 8)));
        Clear(ref group, old);
    }

    /// <summary>Removes the entry at a place.</summary>
    public void Remove(int place)
    {
        int index = place / HashBits.SlotsPerGroup;
        int i = place % HashBits.SlotsPerGroup;
        ref Group<TSlot> group = ref Groups[index];
        Volatile.Write(ref group.Tags, group.Tags & ~(0xFFul << (i * 8)));
        Clear(ref group, i);
        Count--;
        int home = HashBits.Group(_positions[place], Groups.Length);
        for (int passed = home; passed != index; passed = (passed + 1) & (Groups.Length - 1))
        {
            if (Groups[passed].Passed != byte.MaxValue)
            {
                Groups[passed].Passed--;
            }
        }
    }

    /// <summary>Enumerates the places that hold an entry, with their hashes (partition bits lost).</summary>
    public IEnumerable<(int Place, ulong Hash)> Places()
    {
        for (int place = 0; place < _positions.Length; place++)
        {
            ulong tag = (Groups[place / HashBits.SlotsPerGroup].Tags >> (place % HashBits.SlotsPerGroup * 8)) & 0xFF;
            if (tag != 0)
            {
                yield return (place, HashBits.Join(_positions[place], tag));
            }
        }
    }

    private static int Write(ref Group<TSlot> group, in TSlot slot, EntryNode? node)
    {
        int i = BitOperations.TrailingZeroCount(HashBits.Free(group.Tags)) >> 3;
        group.Version++;
        Volatile.WriteBarrier();
        group.Slots[i] = slot;
        if (node is null)
        {
            group.Noted &= (byte)~(1 << i);
            return i;
        }

        group.Nodes ??= new EntryNode?[HashBits.SlotsPerGroup];
        group.Nodes[i] = node;
        group.Noted |= (byte)(1 << i);
        return i;
    }

    private static void Clear(ref Group<TSlot> group, int i)
    {
        // The tag is gone; whoever still copies the slot must find that the version has moved on.
        Volatile.Write(ref group.Version, group.Version + 1);
        Volatile.WriteBarrier();
        group.Noted &= (byte)~(1 << i);
        if (group.Nodes is { } nodes)
        {
            nodes[i] = null;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TSlot>())
        {
            group.Slots[i] = default!;
        }
    }

    private void PassOver(int home, int index)
    {
        for (; home != index; home = (home + 1) & (Groups.Length - 1))
        {
            if (Groups[home].Passed != byte.MaxValue)
            {
                Volatile.Write(ref Groups[home].Passed, (byte)(Groups[home].Passed + 1));
            }
        }
    }
}
