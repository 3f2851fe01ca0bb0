using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Diagnostics;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>How a read in a lane ended.</summary>
internal enum LaneRead
{
    /// <summary>The record was copied out.</summary>
    Hit,

    /// <summary>There is none.</summary>
    Miss,

    /// <summary>This must be found out on the long way, from the beginning. Nothing was counted.</summary>
    Unclear,
}

/// <summary>A short cut to the segments of all partitions of a table.</summary>
internal abstract class Lane
{
    /// <summary>Closes the short cut to one partition.</summary>
    public abstract void Hide(int partition);
}

/// <summary>The segments of all partitions of a table side by side, so that a hash leads to its segment in one
/// step.</summary>
/// <remarks>
/// A partition whose table has exactly one index, of this lane's type, shows its segments here; the range of any other
/// holds nulls. The number of entries is the number of partitions times a power of two: the same fraction that leads
/// through a partition to a segment leads here (see <see cref="HashBits"/>).
/// </remarks>
internal sealed class Lane<TContent> : Lane
{
    private readonly Lock _gate = new();
    private readonly ReadTally _tally;
    private readonly KeyHasher _hasher;
    private readonly KeyPlace _key;
    private readonly int _partitions;
    private Segment<TContent>?[] _segments;

    /// <param name="key">Of the indexes.</param>
    /// <param name="hasher">Hashes keys and chooses partitions.</param>
    /// <param name="tally">Counts the reads.</param>
    /// <param name="partitions">How many partitions the table has.</param>
    public Lane(KeyPlace key, KeyHasher hasher, ReadTally tally, int partitions)
    {
        _key = key;
        _hasher = hasher;
        _tally = tally;
        _partitions = partitions;
        _segments = new Segment<TContent>?[partitions];
    }

    /// <summary>Copies out the record of a key, if it has not expired, and counts the read.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="record">Of undefined content unless it is a hit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneRead TryGet<TKey>(TKey key, out TContent record)
    {
        Unsafe.SkipInit(out record);
        if (typeof(TKey).IsValueType)
        {
            return KeyKinds.Of<TKey>() != KeyKind.Other && KeyKinds.Of<TKey>() == _key.Kind
                ? TryGet(key, _hasher.Hash(key), out record)
                : LaneRead.Unclear;
        }

        return key is string text && _key.Kind == KeyKind.String && ShortText.Is(text)
            ? TryGet(text, _hasher.HashShort(text), out record)
            : LaneRead.Unclear;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead TryGet<TKey>(TKey key, ulong hash, out TContent record)
    {
        Unsafe.SkipInit(out record);
        Segment<TContent>?[] segments = Volatile.Read(ref _segments);
        nint place = HashBits.Lane(hash, segments.Length);
        Segment<TContent>? segment = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(segments), place);
        if (segment is null)
        {
            return LaneRead.Unclear;
        }

        uint position = HashBits.Position(hash, (ulong)(uint)_partitions);
        ref Slot<TContent> slot = ref segment.Find(key, in _key, position, out ulong header);
        if (!Unsafe.IsNullRef(ref slot))
        {
            record = slot.Content;
            Volatile.ReadBarrier();
            if (SlotHeader.AreSameAndPlain(header, slot.Header))
            {
                _tally.Hit();
                return LaneRead.Hit;
            }

            return EndNoted(segment, ref slot, header);
        }

        // A partition that was hidden meanwhile has an index that the key may have left for another.
        if (!SlotHeader.IsFree(header) || segment.MayLeadElsewhere
            || Volatile.Read(ref _segments) != segments
            || Volatile.Read(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(segments), place)) != segment)
        {
            return LaneRead.Unclear;
        }

        _tally.Miss();
        return LaneRead.Miss;
    }

    /// <summary>Shows part of a partition's directory.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="directory">The whole directory of the partition.</param>
    /// <param name="first">The first entry that is new.</param>
    /// <param name="count">How many are new.</param>
    public void Show(int partition, Segment<TContent>[] directory, int first, int count)
    {
        lock (_gate)
        {
            EnsureDepth(directory.Length);
            int share = _segments.Length / _partitions;
            int repeat = share / directory.Length;
            for (int i = first * repeat; i < (first + count) * repeat; i++)
            {
                Volatile.Write(ref _segments[(partition * share) + i], directory[i / repeat]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Hide(int partition)
    {
        lock (_gate)
        {
            int share = _segments.Length / _partitions;
            for (int i = 0; i < share; i++)
            {
                Volatile.Write(ref _segments[(partition * share) + i], null);
            }
        }
    }

    /// <summary>Ends a read that has copied an entry of which something is noted, or half of one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LaneRead EndNoted(Segment<TContent> segment, ref Slot<TContent> slot, ulong header)
    {
        switch (segment.TryTakeNoted(ref slot, header))
        {
            case true:
                _tally.Hit();
                return LaneRead.Hit;
            case false:
                _tally.Miss();
                return LaneRead.Miss;
            default:
                return LaneRead.Unclear;
        }
    }

    private void EnsureDepth(int directoryLength)
    {
        Segment<TContent>?[] old = _segments;
        int repeat = directoryLength * _partitions / old.Length;
        if (repeat <= 1)
        {
            return;
        }

        var larger = new Segment<TContent>?[old.Length * repeat];
        for (int i = 0; i < larger.Length; i++)
        {
            larger[i] = old[i / repeat];
        }

        Volatile.Write(ref _segments, larger);
    }
}
