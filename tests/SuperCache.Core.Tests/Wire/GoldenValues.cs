namespace SuperCache.Core.Tests.Wire;

/// <summary>One value of each kind that travels, named; their bytes stand in Golden/values-v1.txt.</summary>
internal static class GoldenValues
{
    public static IReadOnlyList<GoldenValue> All { get; } =
    [
        new("null", null),
        new("bool", true),
        new("sbyte", (sbyte)-100),
        new("byte", (byte)200),
        new("short", (short)-30_000),
        new("ushort", (ushort)60_000),
        new("int small", 1),
        new("int large", -2_000_000_000),
        new("uint", 4_000_000_000u),
        new("long small", 1L),
        new("long large", long.MinValue),
        new("ulong", ulong.MaxValue),
        new("Int128", Int128.MinValue),
        new("UInt128", UInt128.MaxValue - 1),
        new("Half", (Half)1.5),
        new("float", 1.5f),
        new("double", -0.0),
        new("decimal", 1.50m),
        new("char", 'ß'),
        new("string", "Grüße \U0001F600"),
        new("string with a lone surrogate", "a\uD800"),
        new("byte[]", new byte[] { 1, 2, 3 }),
        new("Guid", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")),
        new("DateTime local", new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Local)),
        new("DateTime utc", new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc)),
        new("DateTimeOffset", new DateTimeOffset(2024, 2, 29, 12, 30, 15, TimeSpan.FromMinutes(-210))),
        new("DateOnly", new DateOnly(2024, 2, 29)),
        new("TimeOnly", new TimeOnly(23, 59, 59)),
        new("TimeSpan", TimeSpan.FromDays(-1)),
        new("Uri absolute", new Uri("https://example.org/a?b=c#d")),
        new("Uri relative", new Uri("/a", UriKind.Relative)),
        new("Version", new Version(1, 2, 3)),
        new("(string, int)", ("user", 1)),
        new("(object, int?, int?)", ValueTuple.Create<object, int?, int?>(1L, 5, null)),
        new("nested tuple", ("a", (1, ("b", 2.5)))),
        new("tuple of 9", (1, 2, 3, 4, 5, 6, 7, "eight", 9L)),
        new("empty tuple", default(ValueTuple)),
        new("Tuple", Tuple.Create("a", (object)1)),
        new("Tuple of 8", Tuple.Create(1, 2, 3, 4, 5, 6, 7, "eight")),
        new("int[]", new[] { 1, 2, 300 }),
        new("object[]", new object?[] { 1, "a", null, new object[] { 1L } }),
        new("List<(string, int)>", new List<(string, int)> { ("a", 1), (null!, 2) }),
        new("List<List<int>>", new List<List<int>> { new() { 1 }, new() }),
        new("enum", Colour.Infrared),
        new("enum in a tuple", (Small.Most, (Colour?)Colour.Red)),
        new("registered with a serializer", new Raw(7)),
        new("registered as JSON", new User("Ada", 36), IsRaw: false),
        new("registered record", new OrderRecord("o-1", 3), IsRaw: false),
    ];
}

/// <param name="Name">Names the line.</param>
/// <param name="Value">What is encoded.</param>
/// <param name="IsRaw">Whether reading it asks no serializer that may allocate or throw.</param>
internal sealed record GoldenValue(string Name, object? Value, bool IsRaw = true);
