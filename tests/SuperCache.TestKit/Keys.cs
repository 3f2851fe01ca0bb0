using CsCheck;

namespace SuperCache.Tests;

/// <summary>Generates keys.</summary>
public static class Keys
{
    /// <summary>Small values of many types, so that equal ones and equal ones of other types come up.</summary>
    public static Gen<object> Mixed { get; } = Gen.OneOf(
        Gen.Int[-2, 5].Select(i => (object)i),
        Gen.UInt[0, 4].Select(i => (object)i),
        Gen.Long[-2, 5].Select(i => (object)i),
        Gen.ULong[0, 4].Select(i => (object)i),
        Gen.Byte[0, 3].Select(i => (object)i),
        Gen.Char['a', 'c'].Select(c => (object)c),
        Gen.Bool.Select(b => (object)b),
        OneOf(-1.5, 0.0, 1.0, double.NaN, double.PositiveInfinity).Select(d => (object)d),
        OneOf(0m, 1m, 1.5m).Select(d => (object)d),
        OneOf(Guid.Empty, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)).Select(g => (object)g),
        Gen.Int[0, 3].Select(i => (object)new DateTime(2030, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc)),
        OneOf("", "a", "b", "B", "ab", "1").Select(s => (object)s),
        OneOf(DayOfWeek.Monday, DayOfWeek.Friday).Select(d => (object)d),
        Gen.Select(Gen.Int[0, 2], OneOf("x", "y")).Select((i, s) => (object)(i, s)),
        Gen.Int[0, 2].Select(i => (object)((long)i, Guid.Empty)),
        Gen.Int[0, 2].Select(i => (object)Tuple.Create(i, "x")));

    /// <summary>One of some values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
