using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <content>What readers do: any thread, no lock, no allocation.</content>
/// <remarks>What a reader and the writer of one slot owe each other: <see cref="Slot{TContent}"/>. <see cref="Find"/>
/// is the hot one. It steps past the home slot without a jump when that is another's: whether it is cannot be
/// predicted, and a wrong guess costs more than a look at the second slot.</remarks>
internal sealed partial class Segment<TContent>
{
    /// <summary>Whether a key that is not here may be elsewhere.</summary>
    public bool MayLeadElsewhere
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _index.HasOverflow;
    }

    /// <summary>Lets memory bring the home of a position: a hint, which waits for nothing. Where the processor knows no
    /// such hint, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Expect(uint position)
    {
        if (Sse.IsSupported)
        {
            // An address that has become wrong meanwhile is no harm: a hint reads nothing.
            ref Slot<TContent> first = ref MemoryMarshal.GetArrayDataReference(_slots);
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, HomeOf(position))));
        }
    }

    /// <summary>Finds the slot of a key that is a <see cref="ShortText"/> or plain bits, without a call.</summary>
    /// <param name="key">Of the kind of the index's keys.</param>
    /// <param name="keyPlace">Of this segment's index.</param>
    /// <param name="position">The key's.</param>
    /// <param name="header">What the last slot's header was: free if the key is not here.</param>
    /// <returns>The slot, to be copied and looked at again; a null reference if there is none, or if the writer is
    /// just writing it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot<TContent> Find<TKey>(TKey key, in KeyPlace keyPlace, uint position, out ulong header)
    {
        ulong wanted = SlotHeader.Wanted(position);
        ref Slot<TContent> slot = ref FirstOf(position, wanted);
        while (true)
        {
            header = Volatile.Read(ref slot.Header);
            if (SlotHeader.Is(header, wanted))
            {
                ref byte own = ref Unsafe.AddByteOffset(
                    ref Unsafe.As<TContent, byte>(ref slot.Content), keyPlace.Offset);
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

    /// <summary>Copies out the entry of a key, expired or not, and leaves it as it is.</summary>
    /// <remarks>A key is compared in the copy, once that is known to be whole: an equality that belongs to the caller
    /// must not meet half an entry.</remarks>
    public bool TryFind<TMatch>(TMatch match, uint position, out TContent found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TContent>
    {
        ulong wanted = SlotHeader.Wanted(position);
        int i = HomeOf(position);
        while (true)
        {
            ref Slot<TContent> slot = ref _slots[i];
            ulong header = Volatile.Read(ref slot.Header);
            if (SlotHeader.Is(header, wanted))
            {
                if (TryCopy(i, header, out found, out node))
                {
                    if (match.Matches(ref found))
                    {
                        return true;
                    }

                    i++;
                }
            }
            else if (SlotHeader.IsFree(header))
            {
                found = default!;
                node = null;
                return false;
            }
            else if (SlotHeader.IsBusy(header, wanted))
            {
                AwaitWriter(ref slot.Header, wanted);
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Shows every entry to a visitor, expired ones included, each whole.</summary>
    public void Visit(SlotVisitor<TContent> visitor)
    {
        for (int i = 0; i < _slots.Length;)
        {
            ulong header = Volatile.Read(ref _slots[i].Header);
            if (!SlotHeader.IsUsed(header))
            {
                i++;
            }
            else if ((header & SlotHeader.Busy) != 0)
            {
                AwaitWriter(ref _slots[i].Header, SlotHeader.Wanted(SlotHeader.PositionOf(header)));
            }
            else if (TryCopy(i, header, out TContent content, out EntryNode? node))
            {
                visitor.Visit(in content, node);
                i++;
            }
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

    /// <summary>The home slot, or the next when the home slot holds another position's entry or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot<TContent> FirstOf(uint position, ulong wanted)
    {
        ref Slot<TContent> home = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), HomeOf(position));
        return ref Unsafe.Add(ref home, SlotHeader.IsOrWillBe(home.Header, wanted) ? 0 : 1);
    }

    /// <summary>Ends a read that has copied an entry of which something is noted, or half of one: counts it and
    /// starts a sliding entry's time again.</summary>
    /// <returns>Whether the entry is there; null when the writer has come between.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool? TryTakeNoted(ref Slot<TContent> slot, ulong header)
    {
        if (!SlotHeader.IsNoted(header))
        {
            return null;
        }

        ref Slot<TContent> first = ref MemoryMarshal.GetArrayDataReference(_slots);
        nint place = Unsafe.ByteOffset(ref first, ref slot) / Unsafe.SizeOf<Slot<TContent>>();
        uint until = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_thereUntil!), place);
        bool isThere = _index.IsSurelyThere(until);
        EntryNode? node = isThere ? null : Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_nodes!), place);
        Volatile.ReadBarrier();
        if (!SlotHeader.AreSame(header, slot.Header))
        {
            return null;
        }

        ulong hits = header & SlotHeader.Hits;
        if (hits < EntryNode.MaxHits)
        {
            SlotHeader.HitsIn(ref slot.Header) = (byte)(hits + 1);
        }

        return isThere || node!.IsLive(_index.Clock);
    }

    /// <summary>Copies an entry out with its node; false when the writer has come between.</summary>
    private bool TryCopy(int place, ulong header, out TContent content, out EntryNode? node)
    {
        ref Slot<TContent> slot = ref _slots[place];
        content = slot.Content;
        node = SlotHeader.IsNoted(header) ? _nodes![place] : null;
        Volatile.ReadBarrier();
        return SlotHeader.AreSame(header, slot.Header);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AwaitWriter(ref ulong header, ulong wanted)
    {
        var wait = default(SpinWait);
        while (SlotHeader.IsBusy(Volatile.Read(ref header), wanted))
        {
            wait.SpinOnce();
        }
    }
}
