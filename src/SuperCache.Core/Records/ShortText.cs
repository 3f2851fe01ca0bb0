using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SuperCache.Records;

/// <summary>Strings of the lengths that keys mostly have, compared without a call.</summary>
/// <remarks>The hot path of a read must be free of calls: one alone makes it save and restore six registers, and the
/// more instructions a read has, the fewer reads the processor has under way while it waits for memory.</remarks>
internal static class ShortText
{
    private const int Least = 5;
    private const int Most = 32;

    /// <summary>Whether a string has 5 to 32 characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(string text) => (uint)(text.Length - Least) <= Most - Least;

    /// <summary>Whether two strings are equal, of which the second is short.</summary>
    /// <param name="own">Any, or null.</param>
    /// <param name="text">A short string.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(string? own, string text)
    {
        if ((object?)own == text)
        {
            return true;
        }

        if (own is null || own.Length != text.Length)
        {
            return false;
        }

        nuint bytes = (nuint)(uint)text.Length * sizeof(char);
        ref byte left = ref Start(own);
        ref byte right = ref Start(text);
        if (bytes <= 16)
        {
            nuint last = bytes - sizeof(ulong);
            return ((Word(ref left, 0) ^ Word(ref right, 0)) | (Word(ref left, last) ^ Word(ref right, last))) == 0;
        }

        nuint tail = bytes - 16;
        Vector128<byte> differences = Differences(ref left, ref right, 0) | Differences(ref left, ref right, tail);
        if (bytes > 32)
        {
            differences |= Differences(ref left, ref right, 16) | Differences(ref left, ref right, tail - 16);
        }

        if (differences == Vector128<byte>.Zero)
        {
            return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Start(string text) =>
        ref Unsafe.As<char, byte>(ref Unsafe.AsRef(in text.GetPinnableReference()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte start, nuint offset) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Differences(ref byte left, ref byte right, nuint offset) =>
        Vector128.LoadUnsafe(ref left, offset) ^ Vector128.LoadUnsafe(ref right, offset);
}
