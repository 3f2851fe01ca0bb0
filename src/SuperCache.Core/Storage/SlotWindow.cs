using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SuperCache.Storage;

/// <summary>Several slots that lie side by side, looked at with one load of 64 bytes.</summary>
/// <remarks>
/// The load need not be of one moment. It is a look at each header, in no order, which is enough: an entry that lies
/// still is seen, because its position does not change even while it is replaced; and a slot that is seen free was free
/// at some moment since the look began, so nothing lay beyond it then (G4 of <see cref="Slot{TContent}"/>).
/// </remarks>
internal readonly struct SlotWindow<TContent>
{
    /// <summary>How many slots are looked at.</summary>
    public const int Length = 3;

    private readonly Vector512<uint> _numbers;
    private readonly uint _there;

    /// <param name="first">The first slot; at least <see cref="Segment{TContent}.Spare"/> lie from here on.</param>
    /// <param name="position">The position that is looked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlotWindow(ref Slot<TContent> first, uint position)
    {
        _numbers = Vector512.LoadUnsafe(ref Unsafe.As<Slot<TContent>, uint>(ref first));
        _there = Bits(Vector512.Equals(_numbers, Vector512.Create(position))) & (Headers << 1);
    }

    /// <summary>Whether processor and size of the entry allow it.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && ((Length - 1) * Step) + sizeof(ulong) <= Vector512<byte>.Count;
    }

    /// <summary>Whether a header is of the position.</summary>
    public bool HasPosition
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _there != 0;
    }

    /// <summary>How many bytes behind the first slot the one of the position lies, if there is one.</summary>
    public nint Place
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nint)(uint)(BitOperations.TrailingZeroCount(_there) * sizeof(uint)) - sizeof(uint);
    }

    /// <summary>Whether a search for the position ends here, if there is none.</summary>
    public bool HasFree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Bits(Vector512.Equals(
            _numbers & Vector512.Create(SlotHeader.NotFree), Vector512<uint>.Zero)) & Headers) != 0;
    }

    private static int Step
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<Slot<TContent>>();
    }

    /// <summary>A bit for the lower half of each header, 4 bytes a bit; the upper halves are the next ones.</summary>
    private static uint Headers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1U | (1U << (Step / sizeof(uint))) | (1U << (2 * Step / sizeof(uint)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector512<uint> vector) => (uint)vector.ExtractMostSignificantBits();
}
