using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SuperCache.Diagnostics;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>The hot read: any thread, no lock, no allocation, no call.</content>
/// <remarks>
/// What it and the writer of one slot owe each other: <see cref="Slot{TContent}"/>.
/// <para>It looks at the first slots at once and chooses among them without a jump: which of them it will be cannot be
/// predicted, and a wrong guess costs more than a look at all of them.</para>
/// <para>It knows misses, and hits of entries of which nothing is noted. Whatever else it meets is found out by
/// <see cref="TryGetAnew"/>, from the beginning: what that one would need of the first would have to be kept at hand by
/// every read.</para>
/// <list type="number">
/// <item>L1: a miss is one only if no partition was hidden between the look at <see cref="_closings"/> and the end of
/// the search, and no index has ever had an overflow: else the key may have left for where a lane does not lead.
/// A partition is hidden before its index gives a key away.</item>
/// </list>
/// </remarks>
internal sealed partial class Lane<TContent>
{
    /// <summary>How many slots are looked at at once where a <see cref="SlotWindow{TContent}"/> cannot.</summary>
    private const int Looks = 3;

    /// <summary>The kind of the keys that <see cref="TryGet"/> reads: that of all, until an entry is read of which
    /// something is noted. From then on it would be in vain too often.</summary>
    private KeyKind _plainKind;

    /// <summary>Copies out the record of a key, and counts the read.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="record">Of undefined content unless it is a hit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneRead TryGet<TKey>(TKey key, out TContent record) =>
        Count(TryRead(key, _plainKind, knowsNoted: false, out record));

    /// <summary>The same, from the beginning, for entries of which something is noted, too.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="record">Of undefined content unless it is a hit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneRead TryGetAnew<TKey>(TKey key, out TContent record) => Count(TryRead(key, out record));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead TryRead<TKey>(TKey key, out TContent record) =>
        TryRead(key, _key.Kind, knowsNoted: true, out record);

    /// <summary>Copies out the record of a key.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="kind">Of the keys that are read.</param>
    /// <param name="knowsNoted">Whether entries of which something is noted are read. A constant, so that a caller who
    /// says no keeps nothing for them.</param>
    /// <param name="record">Of undefined content unless it is a hit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead TryRead<TKey>(TKey key, KeyKind kind, bool knowsNoted, out TContent record)
    {
        Unsafe.SkipInit(out record);
        if (!IsKnown(key, kind))
        {
            return LaneRead.Unclear;
        }

        int closings = Volatile.Read(ref _closings);
        ulong hash = Hash(key);
        uint position = PositionOf(hash);
        ref SegmentView<TContent> view = ref ViewOf(hash);
        if (!view.TryFindHome(position, out Slot<TContent>[]? slots, out nint home))
        {
            return LaneRead.Unclear;
        }

        ref Slot<TContent> slot = ref Find(slots, home, key, position, out ulong header);
        if (Unsafe.IsNullRef(ref slot))
        {
            return EndMiss(header, closings);
        }

        record = slot.Content;
        Volatile.ReadBarrier();
        if (SlotHeader.AreSameAndPlain(header, slot.Header))
        {
            return LaneRead.Hit;
        }

        return knowsNoted ? EndNoted(ref view, slots, ref slot, header) : LaneRead.Unclear;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead Count(LaneRead read)
    {
        if (read == LaneRead.Hit)
        {
            if (!ReadTally.TryHit(_cells))
            {
                _tally.Hit();
            }
        }
        else if (read == LaneRead.Miss && !ReadTally.TryMiss(_cells))
        {
            _tally.Miss();
        }

        return read;
    }

    /// <summary>Whether a key is of a kind, and of a length that is read here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsKnown<TKey>(TKey key, KeyKind kind) => typeof(TKey).IsValueType
        ? KeyKinds.Of<TKey>() != KeyKind.Other && KeyKinds.Of<TKey>() == kind
        : key is string text && kind == KeyKind.String && ShortText.Is(text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Hash<TKey>(TKey key) => typeof(TKey).IsValueType
        ? _hasher.Hash(key)
        : _hasher.HashShort(Unsafe.As<TKey, string>(ref key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint PositionOf(ulong hash) => HashBits.Position(hash, (ulong)(uint)_partitions);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref SegmentView<TContent> ViewOf(ulong hash)
    {
        SegmentView<TContent>[] views = Volatile.Read(ref _views);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(views), HashBits.Lane(hash, views.Length));
    }

    /// <summary>Finds the slot of a key that is a <see cref="ShortText"/> or plain bits.</summary>
    /// <param name="slots">Where it is, if it is.</param>
    /// <param name="home">Where the search begins.</param>
    /// <param name="key">Of the kind of the index's keys.</param>
    /// <param name="position">The key's.</param>
    /// <param name="header">What the last slot's header was: free if the key is not here.</param>
    /// <returns>The slot, to be copied and looked at again; a null reference if there is none, or if the writer is
    /// just writing it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot<TContent> Find<TKey>(
        Slot<TContent>[] slots, nint home, TKey key, uint position, out ulong header)
    {
        ulong wanted = SlotHeader.Wanted(position);
        ref Slot<TContent> slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), home);
        if (!SlotWindow<TContent>.IsSupported)
        {
            slot = ref Unsafe.Add(ref slot, Ahead(ref slot, position));
        }

        while (true)
        {
            if (SlotWindow<TContent>.IsSupported)
            {
                var window = new SlotWindow<TContent>(ref slot, position);
                if (!window.HasPosition)
                {
                    if (window.HasFree)
                    {
                        header = 0;
                        return ref Unsafe.NullRef<Slot<TContent>>();
                    }

                    slot = ref Unsafe.Add(ref slot, SlotWindow<TContent>.Length);
                    continue;
                }

                slot = ref Unsafe.AddByteOffset(ref slot, window.Place);
            }

            header = Volatile.Read(ref slot.Header);
            if (SlotHeader.Is(header, wanted))
            {
                ref byte own = ref Unsafe.AddByteOffset(
                    ref Unsafe.As<TContent, byte>(ref slot.Content), _key.Offset);
                if (IsKey(ref own, ref key))
                {
                    return ref slot;
                }
            }
            else if (SlotHeader.IsFree(header) || SlotHeader.IsBusy(header, wanted))
            {
                return ref Unsafe.NullRef<Slot<TContent>>();
            }

            slot = ref Unsafe.Add(ref slot, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsKey<TKey>(ref byte own, ref TKey key)
    {
        if (!typeof(TKey).IsValueType)
        {
            return ShortText.AreEqual(Unsafe.As<byte, string?>(ref own), Unsafe.As<TKey, string>(ref key));
        }

        ref byte wanted = ref Unsafe.As<TKey, byte>(ref key);
        return Unsafe.SizeOf<TKey>() switch
        {
            sizeof(uint) => Unsafe.ReadUnaligned<uint>(ref own) == Unsafe.ReadUnaligned<uint>(ref wanted),
            sizeof(ulong) => Unsafe.ReadUnaligned<ulong>(ref own) == Unsafe.ReadUnaligned<ulong>(ref wanted),
            _ => Unsafe.ReadUnaligned<UInt128>(ref own) == Unsafe.ReadUnaligned<UInt128>(ref wanted),
        };
    }

    /// <summary>How far behind its home the wanted entry is, or where to look on if it is none of the first. What is
    /// said of a <see cref="SlotWindow{TContent}"/> holds here, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Ahead(ref Slot<TContent> home, uint position)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return SlotHeader.PositionOf(home.Header) == position ? 0 : 1;
        }

        var headers = Vector256.Create(
            home.Header, Unsafe.Add(ref home, 1).Header, Unsafe.Add(ref home, Looks - 1).Header, 0);
        uint there = SlotHeader.AreOf(headers, position) | (1 << Looks);
        return (nint)(uint)BitOperations.TrailingZeroCount(there);
    }

    /// <summary>Ends a read that has found none (L1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead EndMiss(ulong header, int closings)
    {
        Volatile.ReadBarrier();
        return SlotHeader.IsFree(header) && !_leadsElsewhere && _closings == closings
            ? LaneRead.Miss
            : LaneRead.Unclear;
    }

    /// <summary>Ends a read that has copied an entry of which something is noted, or half of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead EndNoted(
        ref SegmentView<TContent> view, Slot<TContent>[] slots, ref Slot<TContent> slot, ulong header)
    {
        if (SlotHeader.IsNoted(header) && _plainKind != KeyKind.Other)
        {
            _plainKind = KeyKind.Other;
        }

        Segment<TContent>? segment = view.Segment;
        return (segment is not null && view.Shows(slots) ? segment.TryTakeNoted(ref slot, header) : null) switch
        {
            true => LaneRead.Hit,
            false => LaneRead.Miss,
            null => LaneRead.Unclear,
        };
    }
}
