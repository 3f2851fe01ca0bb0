using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Keeps up an index's part of the <see cref="DirectTable{TContent}"/> of its lane. The index's writer
/// only.</summary>
/// <remarks>
/// What was stored before the table was made is shown little by little, some segments with each put: so no put waits
/// for the whole. How far that has come is told by a position, which means the same when segments are split.
/// <para>A record may have been put into another partition than its key's own. Such an entry has no part in the table,
/// since a read of its key does not find it (N2).</para>
/// </remarks>
/// <param name="key">Where the key stands, a number.</param>
internal sealed class DirectWriter<TContent>(KeyPlace key)
{
    private const int MostSampled = 256;

    /// <summary>One in so many entries is not worth a look.</summary>
    private const int Few = 32;

    private Lane<TContent>? _lane;
    private DirectExtent<TContent>? _extent;
    private int _partition;

    /// <summary>Of the table into which entries were shown little by little.</summary>
    private int _generation;

    /// <summary>The plain entries of all lower positions were shown there.</summary>
    private ulong _shownTo;

    /// <summary>Since the extent was last considered: the puts of plain entries that no table took, and the entries
    /// that are not shown any more.</summary>
    private long _missing;

    /// <summary>With so many entries their number is told again.</summary>
    private long _tellFrom;

    /// <summary>An index with fewer entries need not ask for a table: its keys had gaps.</summary>
    private long _considerFrom;

    /// <summary>Which part of the entries was plain, in the last sample.</summary>
    private double _plainShare = 1;

    private DirectSlot<TContent>[]? Table => _extent?.Table;

    /// <summary>Whether an index of such contents has a part in direct tables.</summary>
    public static bool IsFor(KeyPlace key) => DirectAccess.IsNumber(key.Kind) && DirectTable<TContent>.IsSupported;

    /// <summary>From now on a lane's table is kept up, or none.</summary>
    public void Follow(Lane<TContent>? lane, int partition)
    {
        Empty();
        _lane = lane;
        _extent = lane?.Direct;
        _partition = partition;
    }

    /// <summary>Hides all keys, in one step: the index is about to lose them.</summary>
    public void Empty()
    {
        _extent?.Leave(_partition);
        _considerFrom = 0;
        _missing = 0;
        _tellFrom = 0;
    }

    /// <summary>Hides the key of an entry that is about to change (N3).</summary>
    /// <returns>Whether it was shown.</returns>
    public bool Hide(in TContent content, ulong hash) =>
        Table is { } table && IsOwn(hash) && DirectTable<TContent>.Hide(table, NumberIn(in content));

    /// <summary>Shows an entry of which nothing is noted and which was put just now.</summary>
    public void Show(in TContent content, ulong hash)
    {
        if (_extent is not null && IsOwn(hash)
            && !(Table is { } table && DirectTable<TContent>.Show(table, NumberIn(in content), in content)))
        {
            _missing++;
        }
    }

    /// <summary>Hides the key of an entry that is about to leave (N3).</summary>
    public void Remove(in TContent content)
    {
        if (Table is not null && Hide(in content, HashOf(NumberIn(in content))))
        {
            _missing++;
        }
    }

    /// <summary>The same for a key.</summary>
    public void Remove(object number, ulong hash)
    {
        if (Table is { } table && KeyKinds.Of(number.GetType()) == key.Kind && IsOwn(hash)
            && DirectTable<TContent>.Hide(table, number is int narrow ? narrow : (long)number))
        {
            _missing++;
        }
    }

    /// <summary>A key that was shown is not shown any more, though it has an entry.</summary>
    public void OnNoted() => _missing++;

    /// <summary>Whether the extent should be considered again, since so many keys are missing in the table. Tells how
    /// many entries the index has, if that has changed much.</summary>
    public bool IsDue(long count)
    {
        if (count >= _tellFrom)
        {
            Tell(count);
        }

        return _missing > DirectExtent<TContent>.LeastSampled + (Table is null ? count / 2 : count / Few);
    }

    /// <summary>Tells where entries are that have not been shown yet; false if all have been, that can be.</summary>
    public bool TryNext(out uint position)
    {
        position = 0;
        if (_extent is not { } extent)
        {
            return false;
        }

        int generation = extent.Generation;
        if (extent.Table is null)
        {
            return false;
        }

        if (generation != _generation)
        {
            _generation = generation;
            _shownTo = 0;
        }

        position = (uint)_shownTo;
        return _shownTo < HashBits.End;
    }

    /// <summary>Shows the plain entries of the segment to which <see cref="TryNext"/> has led.</summary>
    public void Show(Segment<TContent> segment)
    {
        if (Table is not { } table)
        {
            return;
        }

        foreach (ref Slot<TContent> slot in segment.Slots.AsSpan())
        {
            if (SlotHeader.IsUsed(slot.Header) && !SlotHeader.IsNoted(slot.Header))
            {
                long number = NumberIn(in slot.Content);
                if (IsOwn(HashOf(number)))
                {
                    DirectTable<TContent>.Show(table, number, in slot.Content);
                }
            }
        }

        _shownTo = segment.EndOf(_shownTo);
    }

    /// <summary>Tells the extent how many entries the index has.</summary>
    public void Tell(long count)
    {
        _extent?.Tell(_partition, count * _plainShare);
        _tellFrom = count + (count / Few) + 1;
    }

    /// <summary>Considers the extent when a segment has grown, unless that was in vain with not many fewer
    /// entries.</summary>
    public void OnGrown(Segment<TContent> segment, long count)
    {
        if (count >= _considerFrom)
        {
            Consider(segment, count);
        }
    }

    /// <summary>Lets the extent be considered.</summary>
    /// <param name="segment">One of the index's: a hash has spread the keys, so its keys are a sample of all.</param>
    /// <param name="count">How many entries the index has.</param>
    public void Consider(Segment<TContent> segment, long count)
    {
        if (_extent is not { } extent)
        {
            return;
        }

        Span<long> keys = stackalloc long[MostSampled];
        int plain = 0;
        int seen = 0;
        foreach (ref Slot<TContent> slot in segment.Slots.AsSpan())
        {
            if (SlotHeader.IsUsed(slot.Header) && plain < MostSampled)
            {
                seen++;
                if (!SlotHeader.IsNoted(slot.Header))
                {
                    keys[plain++] = NumberIn(in slot.Content);
                }
            }
        }

        _plainShare = seen == 0 ? 1 : (double)plain / seen;
        Tell(count);
        bool isDense = extent.Consider(keys[..plain], _missing);
        _considerFrom = isDense ? 0 : count + (count / 2);
        _missing = 0;
    }

    private bool IsOwn(ulong hash) => HashBits.Partition(hash, _lane!.Partitions) == _partition;

    private ulong HashOf(long number) =>
        key.Kind == KeyKind.Int64 ? _lane!.Hasher.Hash(number) : _lane!.Hasher.Hash((int)number);

    private long NumberIn(in TContent content)
    {
        ref byte own = ref Unsafe.AddByteOffset(
            ref Unsafe.As<TContent, byte>(ref Unsafe.AsRef(in content)), key.Offset);
        return key.Kind == KeyKind.Int64 ? Unsafe.ReadUnaligned<long>(ref own) : Unsafe.ReadUnaligned<int>(ref own);
    }
}
