using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>Which bits of a 64-bit key hash decide what.</summary>
/// <remarks>
/// <code>
///  63            40 39      32 31            8 7       0
/// | partition      | group .. | directory ..  | tag     |
///                  |&lt;------- position (32) ---&gt;|
/// </code>
/// The group comes from the highest bits of the position, the directory from those below its first eight, so that
/// both stay independent while a directory grows. The tag needs no other bits.
/// </remarks>
internal static class HashBits
{
    public const int SlotsPerGroup = 8;

    /// <summary>One slot of a group stays free, for the next replacement (G3).</summary>
    public const int UsableSlots = SlotsPerGroup - 1;

    /// <summary>The most groups of a segment; the directory's bits begin after the ones that choose among so many.</summary>
    public const int MaxGroups = 256;

    /// <summary>How many groups, from its home on, an entry may lie in.</summary>
    public const int ProbeLimit = 8;

    public const int MaxDepth = 24;

    private const ulong EveryByte = 0x0101010101010101;
    private const ulong EveryHighBit = 0x8080808080808080;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Partition(ulong hash, int count) => (int)((hash >> 40) * (uint)count >> 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Position(ulong hash) => (uint)(hash >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Group(uint position, int groups) => (int)(position * (ulong)(uint)groups >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Directory(uint position, int length) => (int)((position << 8) * (ulong)(uint)length >> 32);

    /// <summary>The bit by which a segment of the given depth splits.</summary>
    public static bool GoesUp(uint position, int depth) => ((position << 8) & (0x80000000u >> depth)) != 0;

    /// <summary>Eight bits of the hash, never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Tag(ulong hash) => (hash & 0xFF) | (((hash & 0xFF) - 1) >> 63);

    /// <summary>Puts a hash together again from what a segment keeps of it; its partition bits are lost.</summary>
    public static ulong Join(uint position, ulong tag) => ((ulong)position << 8) | tag;

    /// <summary>The high bit of each byte of <paramref name="tags"/> that equals the tag, exactly: a free slot may hold
    /// anything, so that it must never be compared.</summary>
    public static ulong Candidates(ulong tags, ulong tag) => Free(tags ^ (tag * EveryByte));

    /// <summary>The lowest marked byte equals the tag; 0 when there is none. What is marked above the lowest means nothing.</summary>
    /// <remarks>One step shorter than <see cref="Candidates"/>, for the first look of a read. Source: "Bit Twiddling Hacks",
    /// determine if a word has a byte equal to n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FirstCandidate(ulong tags, ulong tag)
    {
        ulong differences = tags ^ (tag * EveryByte);
        return (differences - EveryByte) & ~differences & EveryHighBit;
    }

    /// <summary>The high bit of each byte that is not 0, exactly.</summary>
    public static ulong Used(ulong tags) => (((tags & ~EveryHighBit) + ~EveryHighBit) | tags) & EveryHighBit;

    /// <summary>The high bit of each byte that is 0, exactly.</summary>
    public static ulong Free(ulong tags) => Used(tags) ^ EveryHighBit;
}
