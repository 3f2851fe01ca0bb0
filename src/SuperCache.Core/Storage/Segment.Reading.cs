using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SuperCache.Storage;

/// <content>What readers do: any thread, no lock, no allocation.</content>
/// <remarks>What a reader and the writer of one slot owe each other: <see cref="Slot{TContent}"/>. The hot reads do
/// not come through here, but through a <see cref="Lane{TContent}"/>.</remarks>
internal sealed partial class Segment<TContent>
{
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

    /// <summary>Copies out the entry of a key, expired or not, and leaves it as it is.</summary>
    /// <remarks>A key is compared in the copy, once that is known to be whole: an equality that belongs to the caller
    /// must not meet half an entry.</remarks>
    public bool TryFind<TMatch>(TMatch match, uint position, out TContent found, out EntryNode? node)
        where TMatch : struct, IKeyMatch
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
                    if (match.Matches(ref Unsafe.As<TContent, byte>(ref found)))
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
