using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Storage;

/// <summary>What can be done with a direct-address table: an array of copies of plain entries, in which the key says
/// where its entry lies.</summary>
/// <remarks>
/// <para>Keys that are numbers without many gaps need no hash to be found. For those a <see cref="Lane{TContent}"/> has
/// such a table beside its segments, from which most reads are answered. The segments remain what holds the entries;
/// the table costs at most two slots an entry when it is made, and the writer a second store.</para>
/// <para>The header of the first slot is the origin of the table, an even number; the entry of key <c>n</c> lies
/// <c>n - origin</c> slots behind it. So who has the array has its origin, too. Every other header is a count: odd
/// while the slot shows an entry, even while it shows none.</para>
/// <list type="number">
/// <item>N1: a slot shows nothing, or the entry that its key has in the index now. An entry of which anything is noted
/// (<see cref="EntryNode"/>) is not shown. Where nothing is shown, the read is made by the hash.</item>
/// <item>N2: a slot is written by the writer of its key's partition alone.</item>
/// <item>N3: that writer hides a key before it changes the key's entry, and shows the new one, if at all, when the
/// change is made. So whoever has seen the change anywhere does not see the old entry here.</item>
/// <item>N4: a writer asks for the table at each change. Who replaces a table leaves it as it is: a reader who still
/// holds it began before the changes that it does not show.</item>
/// <item>N5: content is written while its slot is hidden. A reader who finds the same odd header before and after the
/// copy has copied one entry, whole.</item>
/// </list>
/// <para>Source: direct addressing, as in Cormen et al., "Introduction to Algorithms", 11.1.</para>
/// </remarks>
internal static class DirectTable<TContent>
{
    private const int MostBytes = 32;

    /// <summary>Whether contents are so small that a second copy is worth its room.</summary>
    public static bool IsSupported => Unsafe.SizeOf<TContent>() <= MostBytes;

    /// <summary>Makes a table that shows nothing.</summary>
    /// <param name="origin">Even; the least key that has a slot is one more.</param>
    /// <param name="length">One more than the number of keys that have a slot.</param>
    public static DirectSlot<TContent>[] Create(long origin, int length)
    {
        var table = new DirectSlot<TContent>[length];
        table[0].Header = (ulong)origin;
        return table;
    }

    /// <summary>Copies out the entry of a key. Any thread.</summary>
    /// <returns>False if none is shown, which says nothing of the key.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryGet<TKey>(DirectSlot<TContent>[] table, TKey key, out TContent content)
    {
        Unsafe.SkipInit(out content);
        if (!TryFind(table, key, out nuint place))
        {
            return false;
        }

        ref DirectSlot<TContent> slot = ref At(table, place);
        ulong header = Volatile.Read(ref slot.Header);
        content = slot.Content;
        Volatile.ReadBarrier();
        return IsShown(header) && slot.Header == header;
    }

    /// <summary>Whether a key has a slot.</summary>
    public static bool Covers(DirectSlot<TContent>[] table, long key) =>
        TryFind(table, key, out nuint place) && place != 0;

    /// <summary>Writer: hides a key, if it is shown.</summary>
    /// <returns>Whether it was.</returns>
    public static bool Hide(DirectSlot<TContent>[] table, long key)
    {
        if (!TryFind(table, key, out nuint place) || !IsShown(At(table, place).Header))
        {
            return false;
        }

        ref DirectSlot<TContent> slot = ref At(table, place);
        Volatile.Write(ref slot.Header, slot.Header + 1);
        Volatile.WriteBarrier();
        slot.Content = default!;
        return true;
    }

    /// <summary>Writer: shows the entry of a key, if that has a slot and is hidden.</summary>
    /// <returns>Whether it has a slot.</returns>
    public static bool Show(DirectSlot<TContent>[] table, long key, in TContent content)
    {
        if (!TryFind(table, key, out nuint place) || place == 0)
        {
            return false;
        }

        ref DirectSlot<TContent> slot = ref At(table, place);
        if (!IsShown(slot.Header))
        {
            slot.Content = content;
            Volatile.Write(ref slot.Header, slot.Header + 1);
        }

        return true;
    }

    /// <summary>Finds the place of a key; the first one is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFind<TKey>(DirectSlot<TContent>[] table, TKey key, out nuint place)
    {
        ulong origin = At(table, 0).Header;
        if (Unsafe.SizeOf<TKey>() == sizeof(uint))
        {
            uint distance = Unsafe.As<TKey, uint>(ref key) - (uint)origin;
            place = distance;
            return distance < (uint)table.Length;
        }

        ulong far = Unsafe.As<TKey, ulong>(ref key) - origin;
        place = (nuint)far;
        return far < (uint)table.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref DirectSlot<TContent> At(DirectSlot<TContent>[] table, nuint place) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(table), place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsShown(ulong header) => (header & 1) != 0;
}

/// <summary>A place of a <see cref="DirectTable{TContent}"/>.</summary>
internal struct DirectSlot<TContent>
{
    /// <summary>Odd while there is an entry.</summary>
    public ulong Header;

    /// <summary>The entry.</summary>
    public TContent Content;
}
