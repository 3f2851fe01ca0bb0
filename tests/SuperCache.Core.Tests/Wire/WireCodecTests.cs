using System.Runtime.CompilerServices;
using CsCheck;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class WireCodecTests
{
    private readonly WireCodec _codec = ApplicationTypes.Codec();

    public static TheoryData<Type> Types => [.. AnyValue.ScalarTypes, .. AnyValue.ComposedTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void Value_ComesBackExactly_WhateverItsType(Type type) =>
        AnyValue.Of(type, depth: 2).Sample(value => Exactly.Same(value.Box, RoundTrip(value.Box)), iter: 300);

    [Fact]
    public void Value_ComesBackExactly_WhenNestedAtRandom() =>
        AnyValue.Any(depth: 4).Sample(value => Exactly.Same(value, RoundTrip(value)), iter: 3_000);

    [Fact]
    public void Value_ComesBackExactly_AtANodeThatNeverSawItsType() =>
        AnyValue.Any(depth: 3).Sample(
            value => Exactly.Same(value, Read(ApplicationTypes.Codec(), Encode(value))), iter: 300);

    [Fact]
    public void Values_ComeBackExactly_WhenManyThreadsMeetTheirTypesAtOnce()
    {
        object?[] values = [.. GoldenValues.All.Select(golden => golden.Value)];
        Parallel.For(0, 200, _ => Assert.True(Exactly.Same(values, RoundTrip(values))));
    }

    [Fact]
    public void Null_ComesBackAsNull() => Assert.Null(RoundTrip(null));

    [Fact]
    public void Numbers_KeepTheirType_WhenEqual()
    {
        object?[] sent = [1, 1L, (byte)1, 1u, 1.0, 1f, 1m, 1.00m, (Int128)1, 'a', "a", null];
        object?[] read = (object?[])RoundTrip(sent)!;

        Assert.Equal(
            [typeof(int), typeof(long), typeof(byte), typeof(uint), typeof(double), typeof(float), typeof(decimal),
                typeof(decimal), typeof(Int128), typeof(char), typeof(string), null],
            read.Select(value => value?.GetType()));
    }

    [Fact]
    public void Record_KeepsItsDeclaredTypes()
    {
        Assert.IsType<(string, int)>(RoundTripRecord(("a", 1)));
        Assert.IsType<(object, int?)>(RoundTripRecord<(object, int?)>((1L, null)));
        Assert.IsType<Tuple<string, object>>(RoundTripRecord(new Tuple<string, object>("a", 1)));
        Assert.IsType<(int, int, int, int, int, int, int, string)>(RoundTripRecord((1, 2, 3, 4, 5, 6, 7, "eight")));
    }

    [Fact]
    public void Record_KeepsRunTimeTypes_WhenDeclaredAsObject()
    {
        var read = (ValueTuple<object, object>)RoundTripRecord<(object, object)>((1L, ("a", 2)));

        Assert.IsType<long>(read.Item1);
        Assert.IsType<(string, int)>(read.Item2);
    }

    [Fact]
    public void Record_ComesBack_WhenItIsTheApplicationsOwnType() =>
        Assert.Equal(new OrderRecord("o-1", 3), RoundTripRecord(new OrderRecord("o-1", 3)));

    [Fact]
    public void Record_IsTheSameBytes_WhetherBoxedOrNot()
    {
        using var typed = new WireBuffer();
        using var boxed = new WireBuffer();
        _codec.WriteRecord(typed, ("a", 1));
        _codec.WriteRecord<ITuple>(boxed, ("a", 1));

        Assert.Equal(typed.ToArray(), boxed.ToArray());
        Assert.Equal(8, typed.Length);
    }

    [Fact]
    public void Sequences_ComeBackExactly_WhenTheyAreLong()
    {
        object?[] nulls = new object?[70_000];
        (string?, int)[] tuples = new (string?, int)[70_000];
        object[] sent = [(nulls, new List<object?>(nulls), tuples, nulls), nulls, Tuple.Create(nulls, tuples), tuples];

        Assert.True(Exactly.Same(sent, RoundTrip(sent)));
    }

    [Fact]
    public void Text_ComesBackExactly_WhenUtf8CannotHoldIt()
    {
        foreach (string text in (string[])["\uD800", "a\uDC00b", "\uD83D\uDE00", "\uFFFD", "", "\0", "\uDE00\uD83D"])
        {
            Assert.Equal(text, RoundTrip(text));
        }
    }

    [Fact]
    public void ReadRecord_Refuses_WhatIsNoTuple()
    {
        Assert.Equal(WireReadResult.Malformed, _codec.ReadRecord(Encode(1), out ITuple? record));
        Assert.Null(record);
        Assert.Equal(WireReadResult.Malformed, _codec.ReadRecord(Encode<object?>(null), out _));
    }

    [Fact]
    public void ReadValue_RefusesEveryPrefix_AsTruncated()
    {
        byte[] bytes = Encode(("text", 1_000_000, new List<object> { 1.5, Guid.Empty, new User("a", 1) }, Colour.Red));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(WireReadResult.Truncated, _codec.ReadValue(bytes.AsMemory(0, length), out object? value));
            Assert.Null(value);
        }
    }

    [Fact]
    public void ReadValue_RefusesTrailingBytes() =>
        Assert.Equal(WireReadResult.Malformed, _codec.ReadValue(((byte[])[.. Encode(1), 0]).AsMemory(), out _));

    [Fact]
    public void ReadValue_RefusesAnotherVersion() =>
        Assert.Equal(WireReadResult.UnknownVersion, _codec.ReadValue(new byte[] { 2, 7, 1 }, out _));

    [Theory]
    [InlineData(new byte[] { 1, 28 }, nameof(WireReadResult.UnknownType))]
    [InlineData(new byte[] { 1, 200 }, nameof(WireReadResult.UnknownType))]
    [InlineData(new byte[] { 1, 1 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 33, 4, 0x90 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 33, 0, 0x90 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 35, 9 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 35, 8, 7, 7, 7, 7, 7, 7, 7, 7, 1, 1, 1 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 38, 0xA1, (byte)'n', 0xC4, 0 }, nameof(WireReadResult.UnknownType))]
    [InlineData(new byte[] { 1, 3, 0xCC, 200 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 18, 0xA1, 0xFF }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 18, 0xC0 }, nameof(WireReadResult.Malformed))]
    [InlineData(new byte[] { 1, 33, 7, 0xDD, 0x7F, 0xFF, 0xFF, 0xFF }, nameof(WireReadResult.Truncated))]
    [InlineData(new byte[] { 1, 19, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF }, nameof(WireReadResult.Truncated))]
    public void ReadValue_SaysWhatIsWrong(byte[] bytes, string expected) =>
        Assert.Equal(expected, _codec.ReadValue(bytes, out _).ToString());

    [Fact]
    public void ReadValue_RefusesTypesNestedTooDeep()
    {
        byte[] bytes = [1, .. Enumerable.Repeat((byte)WireTypeCode.Array, WireLimits.MaxTypeDepth), 7, 0x90];

        Assert.Equal(WireReadResult.TooLarge, _codec.ReadValue(bytes, out _));
    }

    [Fact]
    public void ReadValue_RefusesValuesNestedTooDeep()
    {
        byte[] level = [(byte)WireTypeCode.Array, (byte)WireTypeCode.Object, 0x91];
        byte[] Nested(int levels) => [1, .. Enumerable.Repeat(level, levels).SelectMany(part => part), 7, 1];

        Assert.Equal(WireReadResult.Ok, _codec.ReadValue(Nested(WireLimits.MaxValueDepth - 1), out _));
        Assert.Equal(WireReadResult.TooDeep, _codec.ReadValue(Nested(WireLimits.MaxValueDepth), out _));
    }

    [Fact]
    public void ReadValue_NeedsLittleStack_ForTheLargestTypesNestedDeepest()
    {
        // Value tuples of six Guids and a tuple, ten deep, the innermost holding the next such value as an object.
        byte[] type = [1];
        for (int i = 0; i < 10; i++)
        {
            type = [35, 7, .. Enumerable.Repeat((byte)20, 6), .. type];
        }

        byte[] id = [0xC4, 16, .. new byte[16]];
        byte[] payload = [.. Enumerable.Repeat(id, 60).SelectMany(part => part)];
        byte[] bytes = [1, .. Enumerable.Range(0, 40).SelectMany(_ => (byte[])[.. type, .. payload]), 0];
        WireReadResult result = WireReadResult.Ok;
        var thread = new Thread(() => result = _codec.ReadValue(bytes, out _), 384 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal(WireReadResult.TooDeep, result);
    }

    [Fact]
    public void ReadValue_BuildsNoMoreTypes_ThanBytesFromOutsideMayName()
    {
        var table = new CodecTable(new WireTypeRegistry(), foreignTypes: 3);
        var codec = new WireCodec(table);
        WireReadResult[] results = [.. Enumerable.Range(2, 8).Select(code =>
            codec.ReadValue(new byte[] { 1, (byte)WireTypeCode.List, (byte)code, 0x90 }, out _))];

        Assert.Equal(3, results.Count(result => result == WireReadResult.Ok));
        Assert.Equal(5, results.Count(result => result == WireReadResult.UnknownType));
        Assert.Equal(0, table.ForeignTypesLeft);

        using var buffer = new WireBuffer();
        codec.WriteValue(buffer, (1m, 1m));
        Assert.Equal(WireReadResult.Ok, codec.ReadValue(buffer.WrittenMemory, out _));
    }

    private static object? Read(WireCodec codec, byte[] bytes)
    {
        Assert.Equal(WireReadResult.Ok, codec.ReadValue(bytes, out object? read));
        return read;
    }

    private object? RoundTrip(object? value) => Read(_codec, Encode(value));

    private ITuple RoundTripRecord<TRecord>(TRecord record)
        where TRecord : ITuple
    {
        using var buffer = new WireBuffer();
        _codec.WriteRecord(buffer, record);
        Assert.Equal(WireReadResult.Ok, _codec.ReadRecord(buffer.WrittenMemory, out ITuple? read));
        Assert.True(Exactly.Same(record, read));
        return read!;
    }

    private byte[] Encode<T>(T value)
    {
        using var buffer = new WireBuffer();
        _codec.WriteValue(buffer, value);
        return buffer.ToArray();
    }
}
