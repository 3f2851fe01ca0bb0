using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SuperCache.Storage;

/// <summary>One place of a hash index: what a reader must know of an entry, and the entry, side by side in
/// memory.</summary>
/// <remarks>
/// The header is one word that is read and written whole, except for its lowest byte, which readers write:
/// <code>
///  63                  32  31   30   29   28   27      8 7      0
/// | position of the key | used|busy|gone|noted| version | hits   |
/// </code>
/// The writer (there is one: it holds the partition's gate) and the readers keep to this:
/// <list type="number">
/// <item>G1: the content is written only while the slot is not used, or is marked busy.</item>
/// <item>G2: the version moves on each time an entry is published. A reader that copies the content between two looks
/// at one header, hits apart, has copied one entry, whole. (It would have to sleep in the middle of its copy through
/// exactly a multiple of 1,048,576 publications in that very slot to be deceived.)</item>
/// <item>G3: busy lasts for one copy of the content, in which nothing is called and nothing can fail. A reader of that
/// very key waits for it; no other does.</item>
/// <item>G4: a slot that is neither used nor gone ends every search that comes to it: no entry lies beyond one on the
/// way from its home.</item>
/// </list>
/// <para>Source: sequence locks, as in Lameter, "Effective synchronization on Linux/NUMA systems" (2005); here one for
/// each entry.</para>
/// </remarks>
internal struct Slot<TContent>
{
    /// <summary>See the picture above.</summary>
    public ulong Header;

    /// <summary>The entry.</summary>
    public TContent Content;
}

/// <summary>The parts of a slot's header.</summary>
internal static class SlotHeader
{
    public const ulong Hits = 0xFF;
    public const ulong Busy = 1 << 30;
    public const ulong Gone = 1 << 29;

    /// <summary>Which bits of the lower half of a header say that a search goes on beyond it.</summary>
    public const uint NotFree = (uint)(Used | Gone);

    private const ulong Used = 1U << 31;
    private const ulong Noted = 1 << 28;
    private const ulong Version = 0x0FFFFF00;
    private const ulong VersionStep = 0x100;
    private const int HitBits = 8;

    /// <summary>How many bits lie below those that say whose entry it is and whether it can be read.</summary>
    private const int IdentityShift = 30;

    /// <summary>The identity of an entry of a position that can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Wanted(uint position) => ((ulong)position * 4) + 2;

    /// <summary>Whether there is an entry of the wanted identity that can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ulong header, ulong wanted) => header >> IdentityShift == wanted;

    /// <summary>Whether headers are of a position, a bit for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AreOf(Vector256<ulong> headers, uint position) =>
        Vector256.Equals(headers >>> 32, Vector256.Create((ulong)position)).ExtractMostSignificantBits();

    /// <summary>Whether an entry of the wanted identity is just being written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBusy(ulong header, ulong wanted) => header >> IdentityShift == wanted + 1;

    /// <summary>Whether a search ends at such a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFree(ulong header) => (header & NotFree) == 0;

    public static bool IsUsed(ulong header) => (header & Used) != 0;

    public static bool IsGone(ulong header) => (header & Gone) != 0;

    public static bool IsNoted(ulong header) => (header & Noted) != 0;

    /// <summary>Whether two looks at a slot saw one entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreSame(ulong before, ulong after) => (before ^ after) >> HitBits == 0;

    /// <summary>Whether two looks at a slot saw one entry, of which nothing is noted: then nothing is counted
    /// either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreSameAndPlain(ulong before, ulong after) => before == after && (before & Noted) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositionOf(ulong header) => (uint)(header >> 32);

    /// <summary>The header with which the next entry in a slot is published.</summary>
    public static ulong Next(ulong header, uint position, bool isNoted) =>
        ((ulong)position << 32) | ((header + VersionStep) & Version) | Used | (isNoted ? Noted : 0);

    /// <summary>The header of a slot that is empty again.</summary>
    public static ulong Emptied(ulong header, ulong gone) => (header & Version) | gone;

    /// <summary>The byte in which readers count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte HitsIn(ref ulong header) => ref Unsafe.Add(
        ref Unsafe.As<ulong, byte>(ref header), BitConverter.IsLittleEndian ? 0 : sizeof(ulong) - 1);
}
