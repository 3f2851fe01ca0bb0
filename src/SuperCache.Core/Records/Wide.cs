using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SuperCache.Records;

/// <summary>Products of 128 bits.</summary>
internal static class Wide
{
    /// <summary>The upper half. <see cref="Math.BigMul(ulong, ulong, out ulong)"/> stores the lower one, too, even for
    /// nobody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UpperProduct(ulong left, ulong right) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(left, right) : Math.BigMul(left, right, out _);
}
