using CsCheck;
using SuperCache.Core.Tests.Wire;
using SuperCache.Records;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Records;

public sealed class StableHashTests
{
    private readonly StableHash _hash = new(new CodecTable(ApplicationTypes.Registry()));

    public static TheoryData<Type> Types => [.. AnyValue.ScalarTypes, .. AnyValue.ComposedTypes];

    [Fact]
    public void Of_GivesTheGoldenNumbers() => GoldenFile.Compare(
        "Records",
        "stable-hash-v2.txt",
        GoldenValues.All.Select(value => $"{value.Name}: {_hash.Of(value.Value):X16}"));

    [Theory]
    [MemberData(nameof(Types))]
    public void Of_IsTheSame_ForTheValueThatTravelled(Type type)
    {
        WireCodec codec = ApplicationTypes.Codec();
        var elsewhere = new StableHash(new CodecTable(ApplicationTypes.Registry()));
        AnyValue.Of(type, depth: 2).Sample(
            value =>
            {
                using var buffer = new WireBuffer();
                codec.WriteValue(buffer, value.Box);
                codec.ReadValue(buffer.WrittenMemory, out object? read);
                return _hash.Of(value.Box) == elsewhere.Of(read);
            },
            iter: 100);
    }

    [Fact]
    public void Of_IsTheSame_WhateverTheValueIsDeclaredAs()
    {
        var id = Guid.NewGuid();

        Assert.Equal(_hash.Of(1), _hash.Of<object>(1));
        Assert.Equal(_hash.Of(1L), _hash.Of<IComparable>(1L));
        Assert.Equal(_hash.Of("a"), _hash.Of<object>("a"));
        Assert.Equal(_hash.Of(id), _hash.Of<object>(id));
        Assert.Equal(_hash.Of(("a", 1)), _hash.Of<object>(("a", 1)));
        Assert.All(
            GoldenValues.All.Select(value => value.Value).OfType<object>(),
            value => Assert.Equal(_hash.Of(value), OfDeclared(value.GetType(), value)));
    }

    /// <summary>No type takes a way of its own to another number.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    [InlineData(typeof(int?))]
    [InlineData(typeof(decimal?))]
    [InlineData(typeof((short, string)?))]
    [InlineData(typeof((byte, bool)))]
    [InlineData(typeof((Guid, string, Guid, long, Guid, int, Guid)))]
    [InlineData(typeof((string, (float, DateTimeOffset), Half?)))]
    public void Of_IsTheSame_DeclaredAsItsTypeOrAsAnObject(Type type) =>
        AnyValue.Of(type, depth: 2).Sample(
            value => OfDeclared(type, value.Box) == _hash.Of(value.Box),
            iter: 200);

    [Fact]
    public void Of_IsTheSame_ForValuesThatAreEqual()
    {
        AssertEqual(0.0, -0.0);
        AssertEqual(double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234));
        AssertEqual(0f, -0f);
        AssertEqual(float.NaN, BitConverter.Int32BitsToSingle(0x7FC0_1234));
        AssertEqual(Half.Zero, Half.NegativeZero);
        AssertEqual(Half.NaN, BitConverter.UInt16BitsToHalf(0x7E01));
        AssertEqual(1.0m, 1.00m);
        AssertEqual(0m, -0.000m);
        AssertEqual(100m, 100.0m);
        AssertEqual(new DateTime(5, DateTimeKind.Utc), new DateTime(5, DateTimeKind.Local));
        AssertEqual(
            new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2024, 1, 1, 13, 0, 0, TimeSpan.FromHours(1)));
        AssertEqual((1.0m, "a", -0.0), (1.00m, "a", 0.0));
        AssertEqual(Tuple.Create(1, 1.0m), Tuple.Create(1, 1.00m));
        AssertEqual(new Uri("http://Example.org/a#b"), new Uri("http://example.ORG:80/a#b"));
        AssertEqual(new Uri("http://example.org/%7Ea"), new Uri("http://example.org/~a"));
        AssertEqual(new Uri("file:///C:/Folder/a"), new Uri("file:///c:/folder/A"));
        AssertEqual(new Uri("mailto:a@example.org"), new Uri("MAILTO:a@example.org"));
    }

    [Fact]
    public void Of_IsTheSame_WheneverUrisAreEqual()
    {
        Gen<string> text = Gen.Select(
            Gen.OneOf("http://", "HTTPS://", "file:///", "ftp://", "mailto:", "urn:", "file://host/"),
            Gen.OneOf("a.org", "A.ORG", "u@a.org", "a.org:80", "c:/x", "a@b.org", "B:c"),
            Gen.OneOf("", "/", "/a", "/A", "/%61", "/%2f", "/a/../b", "/b", "?q", "?Q", "#f", "/a#F"),
            (scheme, host, path) => scheme + host + path);
        Gen.Select(text, text).Sample((a, b) =>
        {
            bool areValid = Uri.TryCreate(a, UriKind.Absolute, out Uri? x);
            areValid &= Uri.TryCreate(b, UriKind.Absolute, out Uri? y);
            return !areValid || !x!.Equals(y) || _hash.Of(x) == _hash.Of(y);
        }, iter: 20_000);
    }

    [Fact]
    public void Of_Differs_ByTypeAndPlace()
    {
        object?[] values =
        [
            1, 1L, (short)1, (ushort)1, (byte)1, (sbyte)1, (Int128)1, (UInt128)1, 1f, 1.0, 1m, (Half)1, true,
            (char)1, "1", null,
            ValueTuple.Create(1), ValueTuple.Create(1L), Tuple.Create(1), new[] { 1 }, new List<int> { 1 }, (1, 2),
            (2, 1), ("1", 2),
            ((1, 2), 3), (1, (2, 3)), (1, 2, 3), new TimeSpan(1), new DateTime(1), new TimeOnly(1), new byte[] { 1 },
            Colour.Red,
            Small.Least, new Raw(1), "", default(ValueTuple), ("ab", "c"), ("a", "bc"), new[] { "ab", "c" },
            new[] { "a", "bc" },
        ];

        Assert.Equal(values.Length, values.Select(value => _hash.Of(value)).Distinct().Count());
    }

    [Fact]
    public void Of_IsWhatAHasherOfOneProcessGives_SoThatItsShortCutsLeadToTheSamePartitions()
    {
        var hasher = new KeyHasher(_hash);
        object[] values = [.. GoldenValues.All.Select(value => value.Value).OfType<object>()];

        Assert.All(values, value => Assert.Equal(_hash.Of(value), hasher.Hash(value)));
        Assert.Equal(_hash.Of("key"), hasher.Hash("key"));
        Assert.Equal(_hash.Of(7), hasher.Hash(7));
        Assert.Equal(_hash.Of(7u), hasher.Hash(7u));
        Assert.Equal(_hash.Of(7L), hasher.Hash(7L));
        Assert.Equal(_hash.Of(7UL), hasher.Hash(7UL));
        Assert.Equal(_hash.Of(Guid.AllBitsSet), hasher.Hash(Guid.AllBitsSet));
        Assert.Equal(_hash.Of(7.5), hasher.Hash(7.5));
        Assert.Equal(_hash.Of(("a", 1)), hasher.Hash(("a", 1)));
    }

    [Fact]
    public void Of_SpreadsOverThePartitions()
    {
        int[] counts = new int[64];
        for (int i = 0; i < 64_000; i++)
        {
            counts[_hash.Of(i) >> 58]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Of_AllocatesNothing_ForStringsIntsLongsAndGuids()
    {
        var id = Guid.NewGuid();
        ulong sum = 0;
        long allocated = 0;
        for (int i = 0; i < 1_000; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            sum += _hash.Of("some text") + _hash.Of(i) + _hash.Of(2L) + _hash.Of(id);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.NotEqual(0ul, sum);
    }

    [Fact]
    public void Of_RefusesWhatDoesNotTravel()
    {
        var circle = new List<object>();
        circle.Add(circle);

        Assert.Throws<UnsupportedValueException>(() => _hash.Of(new MemoryStream()));
        Assert.Throws<UnsupportedValueException>(() => _hash.Of(("a", DayOfWeek.Monday)));
        Assert.Throws<UnsupportedValueException>(() => _hash.Of(DayOfWeek.Monday));
        Assert.Throws<UnsupportedValueException>(() => _hash.Of(circle));
        Assert.Equal(_hash.Of(new byte[] { 1 }), _hash.Of(new byte[] { 1 }));
    }

    private void AssertEqual<T>(T a, T b)
        where T : notnull
    {
        Assert.True(a.Equals(b), $"{a} and {b} are not equal.");
        Assert.True(_hash.Of(a) == _hash.Of(b), $"{a} and {b} are equal and hash differently.");
        Assert.Equal(_hash.Of<object>(a), _hash.Of(a));
        Assert.Equal(_hash.Of<object>(b), _hash.Of(b));
    }

    private ulong OfDeclared(Type type, object? value) =>
        (ulong)typeof(StableHash).GetMethod(nameof(StableHash.Of))!.MakeGenericMethod(type).Invoke(_hash, [value])!;
}
