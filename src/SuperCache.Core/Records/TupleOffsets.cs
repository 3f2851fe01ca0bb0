using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>Where the elements of a value tuple lie inside it, in bytes, by position.</summary>
/// <remarks>The runtime may order the fields of a value tuple as it likes; asking a live instance is the one safe
/// way to know.</remarks>
internal static class TupleOffsets
{
    /// <summary>The number of elements of the largest value tuple without a nested rest.</summary>
    public const int MaxFlatArity = 7;

    public static nint[] Of1<T1>()
    {
        ValueTuple<T1> t = default;
        return [Offset(ref t, ref t.Item1)];
    }

    public static nint[] Of2<T1, T2>()
    {
        (T1, T2) t = default;
        return [Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2)];
    }

    public static nint[] Of3<T1, T2, T3>()
    {
        (T1, T2, T3) t = default;
        return [Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2), Offset(ref t, ref t.Item3)];
    }

    public static nint[] Of4<T1, T2, T3, T4>()
    {
        (T1, T2, T3, T4) t = default;
        return
        [
            Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2), Offset(ref t, ref t.Item3),
            Offset(ref t, ref t.Item4),
        ];
    }

    public static nint[] Of5<T1, T2, T3, T4, T5>()
    {
        (T1, T2, T3, T4, T5) t = default;
        return
        [
            Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2), Offset(ref t, ref t.Item3),
            Offset(ref t, ref t.Item4), Offset(ref t, ref t.Item5),
        ];
    }

    public static nint[] Of6<T1, T2, T3, T4, T5, T6>()
    {
        (T1, T2, T3, T4, T5, T6) t = default;
        return
        [
            Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2), Offset(ref t, ref t.Item3),
            Offset(ref t, ref t.Item4), Offset(ref t, ref t.Item5), Offset(ref t, ref t.Item6),
        ];
    }

    public static nint[] Of7<T1, T2, T3, T4, T5, T6, T7>()
    {
        (T1, T2, T3, T4, T5, T6, T7) t = default;
        return
        [
            Offset(ref t, ref t.Item1), Offset(ref t, ref t.Item2), Offset(ref t, ref t.Item3),
            Offset(ref t, ref t.Item4), Offset(ref t, ref t.Item5), Offset(ref t, ref t.Item6),
            Offset(ref t, ref t.Item7),
        ];
    }

    private static nint Offset<TTuple, T>(ref TTuple tuple, ref T element) =>
        Unsafe.ByteOffset(ref Unsafe.As<TTuple, byte>(ref tuple), ref Unsafe.As<T, byte>(ref element));
}
