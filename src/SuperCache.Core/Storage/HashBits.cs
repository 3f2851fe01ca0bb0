using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>How a 64-bit hash leads to a slot.</summary>
/// <remarks>
/// A hash is read as a fraction between 0 and 1. The partition takes its integer part after multiplication with the
/// number of partitions; what remains behind the point is a fraction again, whose upper 32 bits are the
/// <em>position</em> within the partition. Its first bits choose the segment, what follows them the home slot.
/// So each level cuts the interval of the one above it into even pieces, and one multiplication leads through all of
/// them (<see cref="Lane{TContent}"/>).
/// </remarks>
internal static class HashBits
{
    /// <summary>A segment of at least so many slots is split, not enlarged.</summary>
    public const int SplitCapacity = 2_048;

    /// <summary>How far from its home an entry may lie.</summary>
    public const int ProbeLimit = 96;

    /// <summary>How many entries of one position a segment takes; further ones go into the overflow.</summary>
    public const int AlikeLimit = 8;

    /// <summary>The most bits by which segments are told apart; the rest of a position must choose the slot.</summary>
    public const int MaxDepth = 20;

    /// <summary>Greater than every position.</summary>
    public const ulong End = 1UL << 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Partition(ulong hash, int count) => (int)Wide.UpperProduct(hash, (ulong)count);

    /// <summary>The place in a <see cref="Lane{TContent}"/> of so many entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Lane(ulong hash, int length) => (nint)Wide.UpperProduct(hash, (ulong)(uint)length);

    /// <summary>The position within a partition.</summary>
    /// <param name="hash">A key's hash.</param>
    /// <param name="scale">The number of partitions if the same hash has chosen among them, else 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Position(ulong hash, ulong scale) => (uint)((hash * scale) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Directory(uint position, int length) => (int)(position * (ulong)(uint)length >> 32);

    /// <summary>The home slot in a segment whose entries share the first <paramref name="depth"/> bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Home(uint position, int depth, int capacity) =>
        (nint)((position << depth) * (ulong)(uint)capacity >> 32);

    /// <summary>The bit by which a segment of the given depth splits.</summary>
    public static bool GoesUp(uint position, int depth) => (position & (0x80000000u >> depth)) != 0;
}
