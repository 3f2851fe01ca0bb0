using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SuperCache.Diagnostics;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>The hot read: any thread, no lock, no allocation, no call.</content>
/// <remarks>What it and the writer of one slot owe each other: <see cref="Slot{TContent}"/>. It looks at the first
/// slots at once and chooses among them without a jump: which of them it will be cannot be predicted, and a wrong guess
/// costs more than a look at all of them.</remarks>
internal sealed partial class Lane<TContent>
{
    /// <summary>How many slots are looked at at once.</summary>
    private const int Looks = 3;

    /// <summary>Copies out the record of a key, if it has not expired, and counts the read.</summary>
    /// <param name="key">Not null.</param>
    /// <param name="record">Of undefined content unless it is a hit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneRead TryGet<TKey>(TKey key, out TContent record)
    {
        LaneRead read = TryRead(key, out record);
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

    /// <summary>The same, not counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead TryRead<TKey>(TKey key, out TContent record)
    {
        Unsafe.SkipInit(out record);
        if (typeof(TKey).IsValueType)
        {
            return KeyKinds.Of<TKey>() != KeyKind.Other && KeyKinds.Of<TKey>() == _key.Kind
                ? TryRead(key, _hasher.Hash(key), out record)
                : LaneRead.Unclear;
        }

        return key is string text && _key.Kind == KeyKind.String && ShortText.Is(text)
            ? TryRead(text, _hasher.HashShort(text), out record)
            : LaneRead.Unclear;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead TryRead<TKey>(TKey key, ulong hash, out TContent record)
    {
        Unsafe.SkipInit(out record);
        SegmentView<TContent>[] views = Volatile.Read(ref _views);
        ref SegmentView<TContent> view = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(views), HashBits.Lane(hash, views.Length));
        uint position = HashBits.Position(hash, (ulong)(uint)_partitions);
        if (!view.TryFindHome(position, out Slot<TContent>[]? slots, out nint home))
        {
            return LaneRead.Unclear;
        }

        ref Slot<TContent> slot = ref Find(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), home),
            key,
            SlotHeader.Wanted(position),
            out ulong header);
        if (Unsafe.IsNullRef(ref slot))
        {
            return EndMiss(views, ref view, slots, header);
        }

        record = slot.Content;
        Volatile.ReadBarrier();
        return SlotHeader.AreSameAndPlain(header, slot.Header)
            ? LaneRead.Hit
            : EndNoted(ref view, slots, ref slot, header);
    }

    /// <summary>Finds the slot of a key that is a <see cref="ShortText"/> or plain bits.</summary>
    /// <param name="home">Where the search begins.</param>
    /// <param name="key">Of the kind of the index's keys.</param>
    /// <param name="wanted">See <see cref="SlotHeader.Wanted"/>.</param>
    /// <param name="header">What the last slot's header was: free if the key is not here.</param>
    /// <returns>The slot, to be copied and looked at again; a null reference if there is none, or if the writer is
    /// just writing it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot<TContent> Find<TKey>(ref Slot<TContent> home, TKey key, ulong wanted, out ulong header)
    {
        ref Slot<TContent> slot = ref Unsafe.Add(ref home, Ahead(ref home, wanted));
        while (true)
        {
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

    /// <summary>How far behind its home the wanted entry is, or where to look on if it is none of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Ahead(ref Slot<TContent> home, ulong wanted)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return SlotHeader.IsOrWillBe(home.Header, wanted) ? 0 : 1;
        }

        var headers = Vector256.Create(
            home.Header, Unsafe.Add(ref home, 1).Header, Unsafe.Add(ref home, Looks - 1).Header, 0);
        uint there = SlotHeader.AreOrWillBe(headers, wanted) | (1 << Looks);
        return (nint)(uint)BitOperations.TrailingZeroCount(there);
    }

    /// <summary>Ends a read that has found none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneRead EndMiss(
        SegmentView<TContent>[] views, ref SegmentView<TContent> view, Slot<TContent>[] slots, ulong header)
    {
        // A partition that was hidden meanwhile has an index that the key may have left for another.
        return SlotHeader.IsFree(header) && view.Segment is { MayLeadElsewhere: false }
            && Volatile.Read(ref _views) == views && view.Shows(slots)
            ? LaneRead.Miss
            : LaneRead.Unclear;
    }

    /// <summary>Ends a read that has copied an entry of which something is noted, or half of one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LaneRead EndNoted(
        ref SegmentView<TContent> view, Slot<TContent>[] slots, ref Slot<TContent> slot, ulong header)
    {
        Segment<TContent>? segment = view.Segment;
        return (segment is not null && view.Shows(slots) ? segment.TryTakeNoted(ref slot, header) : null) switch
        {
            true => LaneRead.Hit,
            false => LaneRead.Miss,
            null => LaneRead.Unclear,
        };
    }
}
