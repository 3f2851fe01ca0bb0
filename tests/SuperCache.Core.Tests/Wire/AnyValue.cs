using CsCheck;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Generates values of every type that travels, and of types composed of them.</summary>
internal static class AnyValue
{
    private static readonly Dictionary<Type, Gen<object>> Scalars = new()
    {
        [typeof(bool)] = Boxed(Gen.Bool),
        [typeof(sbyte)] = Boxed(Gen.SByte),
        [typeof(byte)] = Boxed(Gen.Byte),
        [typeof(short)] = Boxed(Gen.Short),
        [typeof(ushort)] = Boxed(Gen.UShort),
        [typeof(int)] = Boxed(Gen.Int),
        [typeof(uint)] = Boxed(Gen.UInt),
        [typeof(long)] = Boxed(Gen.Long),
        [typeof(ulong)] = Boxed(Gen.ULong),
        [typeof(Int128)] = Boxed(Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new Int128(high, low))),
        [typeof(UInt128)] = Boxed(Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low))),
        [typeof(Half)] = Boxed(Gen.UShort.Select(BitConverter.UInt16BitsToHalf)),
        [typeof(float)] = Boxed(Gen.UInt.Select(BitConverter.UInt32BitsToSingle)),
        [typeof(double)] = Boxed(Gen.ULong.Select(BitConverter.UInt64BitsToDouble)),
        [typeof(decimal)] = Boxed(Gen.Select(Gen.Int, Gen.Int, Gen.Int, Gen.Bool, Gen.Byte[0, 28],
            (low, middle, high, isNegative, scale) => new decimal(low, middle, high, isNegative, scale))),
        [typeof(char)] = Boxed(Gen.UShort.Select(value => (char)value)),
        [typeof(string)] = Boxed(Gen.OneOf(
            Gen.String,
            Gen.UShort.Array[0, 20].Select(units => new string(Array.ConvertAll(units, unit => (char)unit))))),
        [typeof(byte[])] = Boxed(Gen.Byte.Array[0, 300]),
        [typeof(Guid)] = Boxed(Gen.Guid),
        [typeof(DateTime)] = Boxed(Gen.Select(Ticks(DateTime.MaxValue.Ticks), Gen.Enum<DateTimeKind>(),
            (ticks, kind) => new DateTime(ticks, kind))),
        [typeof(DateTimeOffset)] = Boxed(Gen.Select(
            Gen.Long[OneDay, DateTime.MaxValue.Ticks - OneDay], Gen.Int[-840, 840],
            (ticks, minutes) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes)))),
        [typeof(DateOnly)] = Boxed(Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(DateOnly.FromDayNumber)),
        [typeof(TimeOnly)] = Boxed(Ticks(TimeOnly.MaxValue.Ticks).Select(ticks => new TimeOnly(ticks))),
        [typeof(TimeSpan)] = Boxed(Gen.Long.Select(ticks => new TimeSpan(ticks))),
        [typeof(Uri)] = Boxed(Gen.OneOf(
            new Uri("https://example.org/a?b=c#d"), new Uri("/relative", UriKind.Relative),
            new Uri("", UriKind.Relative),
            new Uri("HTTP://User@EXAMPLE.org:80/%7Ea"), new Uri("mailto:someone@example.org"),
            new Uri("file:///tmp/x"))),
        [typeof(Version)] = Boxed(Gen.OneOf(
            new Version(1, 2), new Version(0, 0, 0), new Version(1, 2, 3, int.MaxValue))),
        [typeof(Colour)] = Boxed(Gen.Int.Select(number => (Colour)number)),
        [typeof(Small)] = Boxed(Gen.Byte.Select(number => (Small)number)),
        [typeof(Huge)] = Boxed(Gen.ULong.Select(number => (Huge)number)),
        [typeof(Signed)] = Boxed(Gen.SByte.Select(number => (Signed)number)),
        [typeof(User)] = Boxed(Gen.Select(Gen.String.AlphaNumeric, Gen.Int, (name, age) => new User(name, age))),
        [typeof(Price)] = Boxed(Gen.Select(
            Gen.Decimal, Gen.String.AlphaNumeric, (amount, currency) => new Price(amount, currency))),
    };

    private const long OneDay = TimeSpan.TicksPerDay;

    /// <summary>The types that hold no other values.</summary>
    public static IReadOnlyCollection<Type> ScalarTypes => Scalars.Keys;

    /// <summary>Types composed of others, each kind and each arity at least once.</summary>
    public static IReadOnlyList<Type> ComposedTypes { get; } =
    [
        typeof(ValueTuple), typeof(ValueTuple<int>), typeof((string, int)), typeof((string, int, object)),
        typeof((object, object)), typeof((int?, Guid?, bool?, decimal?)),
        typeof((string, (int, long), byte[], double, char)),
        typeof((sbyte, byte, short, ushort, uint, ulong)),
        typeof((DateTime, DateOnly, TimeOnly, TimeSpan, Uri, Version, Half)),
        typeof((int, int, int, int, int, int, int, string)),
        typeof((int, object, int, object, int, object, int, object, int, object)),
        typeof((int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int)),
        typeof(Tuple<int>), typeof(Tuple<string, object>), typeof(Tuple<int, int, int>),
        typeof(Tuple<int, Tuple<string, int>, int, int>),
        typeof(Tuple<int, int, int, int, int>), typeof(Tuple<int, int, int, int, int, object>),
        typeof(Tuple<int, int, int, int, int, int, string>),
        typeof(Tuple<int, int, int, int, int, int, int, Tuple<string, int>>),
        typeof(int[]), typeof(string[]), typeof(object[]), typeof(int?[]), typeof(byte[][]), typeof(Colour[]),
        typeof(User[]),
        typeof((string, int)[]), typeof((int, string)?[]), typeof(sbyte[]), typeof(char[]), typeof(Price?[]),
        typeof(List<int>), typeof(List<object>), typeof(List<List<string>>), typeof(List<(DateTimeOffset, Small?)>),
        typeof((User, Price, Colour, Huge, Signed)), typeof((string, List<Tuple<object, int[]>>, object)),
        typeof((Int128, UInt128, float)), typeof(((int, (string, object)), object[])), typeof(List<byte>),
        typeof(bool[][]),
    ];

    /// <summary>A value of any type, null included.</summary>
    public static Gen<object?> Any(int depth = 2) =>
        AnyType(depth).SelectMany(type => Of(type, depth)).Select(value => value.Box);

    /// <summary>A value as an element declared as this type would hold it.</summary>
    public static Gen<Held> Of(Type declared, int depth)
    {
        if (declared == typeof(object))
        {
            return Gen.Frequency(
                (1, Gen.Const(new Held(null))),
                (3, AnyType(depth).SelectMany(type => Of(type, depth - 1))));
        }

        if (Nullable.GetUnderlyingType(declared) is { } underlying)
        {
            return Gen.Frequency((1, Gen.Const(new Held(null))), (2, Of(underlying, depth)));
        }

        if (Scalars.TryGetValue(declared, out Gen<object>? gen))
        {
            return gen.Select(value => new Held(value));
        }

        if (declared == typeof(ValueTuple))
        {
            return Gen.Const(new Held(default(ValueTuple)));
        }

        Type item = declared.IsArray ? declared.GetElementType()! : declared.GetGenericArguments()[0];
        if (declared.IsArray)
        {
            return Of(item, depth).Array[0, 5].Select(items => new Held(ToArray(item, items)));
        }

        if (declared.GetGenericTypeDefinition() == typeof(List<>))
        {
            return Of(item, depth).Array[0, 5]
                .Select(items => new Held(Activator.CreateInstance(declared, ToArray(item, items))));
        }

        return declared.GetGenericArguments()
            .Aggregate(
                Gen.Const<Held[]>([]),
                (all, type) => Gen.Select(all, Of(type, depth), (before, last) => (Held[])[.. before, last]))
            .Select(parts => new Held(Activator.CreateInstance(declared, Array.ConvertAll(parts, part => part.Box))));
    }

    private static Gen<Type> AnyType(int depth) =>
        Gen.OneOf((Type[])[.. Scalars.Keys, .. depth > 0 ? ComposedTypes : []]);

    private static Gen<object> Boxed<T>(Gen<T> gen)
        where T : notnull => gen.Select(value => (object)value);

    private static Gen<long> Ticks(long most) => Gen.OneOf(Gen.Long[0, most], Gen.OneOf(0L, most));

    private static Array ToArray(Type item, Held[] items)
    {
        var array = Array.CreateInstance(item, items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            array.SetValue(items[i].Box, i);
        }

        return array;
    }

    /// <summary>A value that may be null, which a generator's own value may not.</summary>
    internal readonly record struct Held(object? Box);
}
