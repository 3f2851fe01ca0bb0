using System.Collections;
using System.Runtime.CompilerServices;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Equality that overlooks nothing: types, declared types, scales, kinds, offsets, the bits of a
/// NaN.</summary>
internal static class Exactly
{
    public static bool Same(object? a, object? b)
    {
        if (a is null || b is null)
        {
            return a is null && b is null;
        }

        return a.GetType() == b.GetType() && (a, b) switch
        {
            (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
            (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
            (Half x, Half y) => BitConverter.HalfToInt16Bits(x) == BitConverter.HalfToInt16Bits(y),
            (decimal x, decimal y) => decimal.GetBits(x).AsSpan().SequenceEqual(decimal.GetBits(y)),
            (DateTime x, DateTime y) => x == y && x.Kind == y.Kind,
            (DateTimeOffset x, DateTimeOffset y) => x.EqualsExact(y),
            (Uri x, Uri y) => x.OriginalString == y.OriginalString && x.IsAbsoluteUri == y.IsAbsoluteUri,
            (IList x, IList y) => SameItems(x, y),
            (ITuple x, ITuple y) => SameElements(x, y),
            _ => a.Equals(b),
        };
    }

    private static bool SameItems(IList a, IList b)
    {
        bool same = a.Count == b.Count;
        for (int i = 0; i < a.Count && same; i++)
        {
            same = Same(a[i], b[i]);
        }

        return same;
    }

    private static bool SameElements(ITuple a, ITuple b)
    {
        bool same = a.Length == b.Length;
        for (int i = 0; i < a.Length && same; i++)
        {
            same = Same(a[i], b[i]);
        }

        return same;
    }
}
