using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>The unit in which a hash index grows: an array of slots, searched one by one from an entry's home
/// on.</summary>
/// <remarks>A full segment is never enlarged in place; the index copies it into one or two new ones and publishes
/// those. The old one stays as it is for the readers that hold it. Members are the writer's where they do not say
/// otherwise.</remarks>
internal sealed partial class Segment<TContent>
{
    /// <summary>All slots within reach are taken.</summary>
    public const int NoRoom = -1;

    /// <summary>So many entries have the very same position that one more would make searches slow.</summary>
    public const int TooManyAlike = -2;

    /// <summary>How many of the last slots are never used: every search ends there, and a
    /// <see cref="SlotWindow{TContent}"/> reaches no further.</summary>
    public const int Spare = 4;

    /// <summary>More than <see cref="_capacity"/>: entries at home in the last ones need room behind them.</summary>
    private readonly Slot<TContent>[] _slots;

    /// <summary>How many slots are homes.</summary>
    private readonly int _capacity;
    private readonly int _depth;
    private readonly RecordIndex<TContent> _index;

    /// <summary>By slot, the node of its entry; null until the first entry with one.</summary>
    private EntryNode?[]? _nodes;

    /// <summary>By slot, what most readers need of the node: see <see cref="EntryNode.ThereUntil"/>. Apart and small,
    /// so that they need not touch the node.</summary>
    private uint[]? _thereUntil;

    /// <summary>Slots that are empty but do not end a search.</summary>
    private int _gone;

    public Segment(RecordIndex<TContent> index, int capacity, int depth)
    {
        _slots = new Slot<TContent>[capacity + Math.Min(capacity, HashBits.ProbeLimit) + Spare];
        _capacity = capacity;
        _depth = depth;
        _index = index;
    }

    /// <summary>How many of the first bits of a position all entries of this segment share.</summary>
    public int Depth => _depth;

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    public int Capacity => _capacity;

    /// <summary>The first position behind those that lead here, of which one is given.</summary>
    public ulong EndOf(ulong position) => ((position >> (32 - _depth)) + 1) << (32 - _depth);

    /// <summary>For a <see cref="SegmentView{TContent}"/>.</summary>
    public Slot<TContent>[] Slots => _slots;

    /// <summary>Whether the segment must be rebuilt before it takes another entry: 13 of 16 slots are
    /// taken.</summary>
    public bool IsFull => Count + _gone >= _capacity * 13 / 16;

    /// <summary>Whether a full segment is so because of what has gone: it needs no more room.</summary>
    public bool IsWorn => Count < _capacity / 2;

    /// <summary>Whether so few slots are used that a smaller segment would do.</summary>
    public bool IsSparse => _capacity > RecordIndex.FirstCapacity && Count < _capacity / 8;

    /// <summary>Finds the slot of a key, or -1.</summary>
    /// <param name="match">Knows the key.</param>
    /// <param name="position">The key's.</param>
    /// <param name="vacant">Where an entry for it could be added, or <see cref="NoRoom"/> or
    /// <see cref="TooManyAlike"/>.</param>
    public int Search<TMatch>(TMatch match, uint position, out int vacant)
        where TMatch : struct, IKeyMatch
    {
        Slot<TContent>[] slots = _slots;
        int home = HomeOf(position);
        int end = Math.Min(home + HashBits.ProbeLimit, slots.Length - Spare);
        int alike = 0;
        vacant = NoRoom;
        for (int i = home; i < end; i++)
        {
            ref Slot<TContent> slot = ref slots[i];
            ulong header = slot.Header;
            if (SlotHeader.IsUsed(header))
            {
                if (SlotHeader.PositionOf(header) == position)
                {
                    if (match.Matches(ref Unsafe.As<TContent, byte>(ref slot.Content)))
                    {
                        return i;
                    }

                    alike++;
                }

                continue;
            }

            vacant = vacant < 0 ? i : vacant;
            if (SlotHeader.IsFree(header))
            {
                break;
            }
        }

        vacant = alike < HashBits.AlikeLimit ? vacant : TooManyAlike;
        return -1;
    }

    /// <summary>Finds the slot that has a node, or -1. May be called beside the writer, for a guess.</summary>
    public int FindNode(EntryNode node, uint position)
    {
        if (_nodes is not { } nodes)
        {
            return -1;
        }

        int home = HomeOf(position);
        int end = Math.Min(home + HashBits.ProbeLimit, _slots.Length - Spare);
        for (int i = home; i < end; i++)
        {
            ulong header = _slots[i].Header;
            if (SlotHeader.PositionOf(header) == position && SlotHeader.IsUsed(header) && nodes[i] == node)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The nodes of all entries that have one.</summary>
    public IEnumerable<EntryNode> Nodes() => (_nodes ?? []).OfType<EntryNode>();

    /// <summary>The node of a used slot.</summary>
    public EntryNode? NodeAt(int place) => _nodes?[place];

    /// <summary>The position of a used slot's key.</summary>
    public uint PositionAt(int place) => SlotHeader.PositionOf(_slots[place].Header);

    /// <summary>The content of a used slot.</summary>
    public ref TContent ContentAt(int place) => ref _slots[place].Content;

    /// <summary>Where readers count the hits of a used slot.</summary>
    public ref byte HitsAt(int place) => ref SlotHeader.HitsIn(ref _slots[place].Header);

    /// <summary>Adds an entry in a vacant slot that <see cref="Search"/> named.</summary>
    public void Add(int place, in TContent content, EntryNode? node, uint position)
    {
        ref Slot<TContent> slot = ref _slots[place];
        MakeRoomFor(node);
        _gone -= SlotHeader.IsGone(slot.Header) ? 1 : 0;
        Publish(ref slot, place, in content, node, position);
        Count++;
    }

    /// <summary>Adds an entry whose key is not there, into a segment that nobody reads yet; false when there is no room
    /// within reach.</summary>
    public bool TryAdd(in TContent content, EntryNode? node, uint position, byte hits)
    {
        int home = HomeOf(position);
        int end = Math.Min(home + HashBits.ProbeLimit, _slots.Length - Spare);
        for (int i = home; i < end; i++)
        {
            if (!SlotHeader.IsUsed(_slots[i].Header))
            {
                Add(i, in content, node, position);
                HitsAt(i) = hits;
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies all entries into segments that nobody reads yet.</summary>
    /// <param name="low">Takes those whose next bit is 0.</param>
    /// <param name="high">Takes the others; may be the same.</param>
    /// <returns>The places of those that found no room.</returns>
    public List<int> CopyTo(Segment<TContent> low, Segment<TContent> high)
    {
        List<int> left = [];
        for (int place = 0; place < _slots.Length; place++)
        {
            ref Slot<TContent> slot = ref _slots[place];
            ulong header = slot.Header;
            if (SlotHeader.IsUsed(header))
            {
                uint position = SlotHeader.PositionOf(header);
                Segment<TContent> target = HashBits.GoesUp(position, _depth) ? high : low;
                if (!target.TryAdd(in slot.Content, NodeAt(place), position, (byte)header))
                {
                    left.Add(place);
                }
            }
        }

        return left;
    }

    /// <summary>Puts an entry in the place of the one with the same key, in one step for readers.</summary>
    public void Replace(int place, in TContent content, EntryNode? node)
    {
        ref Slot<TContent> slot = ref _slots[place];
        MakeRoomFor(node);
        Volatile.Write(ref slot.Header, slot.Header | SlotHeader.Busy);
        Volatile.WriteBarrier();
        Publish(ref slot, place, in content, node, SlotHeader.PositionOf(slot.Header));
    }

    /// <summary>Removes the entry at a place.</summary>
    public void Remove(int place)
    {
        bool endsHere = SlotHeader.IsFree(_slots[place + 1].Header);
        Empty(ref _slots[place], endsHere ? 0 : SlotHeader.Gone);
        if (_nodes is { } nodes)
        {
            nodes[place] = null;
        }

        Count--;
        _gone += endsHere ? 0 : 1;

        // Nothing lies beyond this slot now: what has gone before it need not lead on either.
        for (int i = place - 1; endsHere && i >= 0 && SlotHeader.IsGone(_slots[i].Header); i--)
        {
            Volatile.Write(ref _slots[i].Header, SlotHeader.Emptied(_slots[i].Header, 0));
            _gone--;
        }
    }

    /// <summary>The places that hold an entry.</summary>
    public IEnumerable<int> Places()
    {
        for (int place = 0; place < _slots.Length; place++)
        {
            if (SlotHeader.IsUsed(_slots[place].Header))
            {
                yield return place;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint position) => (int)HashBits.Home(position, _depth, _capacity);

    /// <summary>Allocates before a slot is marked as busy: where memory is gone, no reader waits for it.</summary>
    private void MakeRoomFor(EntryNode? node)
    {
        if (node is not null && _nodes is null)
        {
            _thereUntil = new uint[_slots.Length];
            _nodes = new EntryNode?[_slots.Length];
        }
    }

    private void Publish(ref Slot<TContent> slot, int place, in TContent content, EntryNode? node, uint position)
    {
        slot.Content = content;
        if (_nodes is { } nodes)
        {
            _thereUntil![place] = node?.ThereUntil ?? 0;
            nodes[place] = node;
        }

        Volatile.Write(ref slot.Header, SlotHeader.Next(slot.Header, position, node is not null));
    }

    private static void Empty(ref Slot<TContent> slot, ulong gone)
    {
        Volatile.Write(ref slot.Header, SlotHeader.Emptied(slot.Header, gone));
        Volatile.WriteBarrier();
        slot.Content = default!;
    }
}
