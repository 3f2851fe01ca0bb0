using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class WireTypeRegistryTests
{
    private readonly WireTypeRegistry _registry = ApplicationTypes.Registry();

    [Fact]
    public void RegisteredTypes_ComeBackEqual_AtAnotherNode()
    {
        using var buffer = new WireBuffer();
        var sent = ("a", new User("Ada", 36), new Price(1.50m, "EUR"), Colour.Infrared);
        ApplicationTypes.Codec().WriteRecord(buffer, sent);

        WireReadResult result = ApplicationTypes.Codec().ReadRecord(buffer.WrittenMemory, out var record);

        Assert.Equal(WireReadResult.Ok, result);
        Assert.Equal(sent, record);
    }

    [Fact]
    public void Read_SaysUnknownType_WhereTheNameIsNotRegistered()
    {
        using var buffer = new WireBuffer();
        ApplicationTypes.Codec().WriteRecord(buffer, ("a", Colour.Red));
        var other = new WireCodec(new CodecTable(new WireTypeRegistry()));

        Assert.Equal(WireReadResult.UnknownType, other.ReadRecord(buffer.WrittenMemory, out _));
    }

    [Fact]
    public void Read_SaysUnknownType_WhereTheNameMeansAnotherKindOfType()
    {
        using var buffer = new WireBuffer();
        ApplicationTypes.Codec().WriteValue(buffer, Colour.Red);
        var other = new WireCodec(new CodecTable(new WireTypeRegistry().Add("colour", new RawSerializer())));

        Assert.Equal(WireReadResult.UnknownType, other.ReadValue(buffer.WrittenMemory, out _));
    }

    [Fact]
    public void Read_SaysMalformed_WhenTheSerializerThrowsOrAnswersNull()
    {
        WireCodec codec = ApplicationTypes.Codec();
        byte[] user = [1, 38, 0xA4, .. "user"u8, 0xC4, 1, (byte)'{'];
        byte[] raw = [1, 38, 0xA3, .. "raw"u8, 0xC4, 1, 0];

        Assert.Equal(WireReadResult.Malformed, codec.ReadValue(user, out _));
        Assert.Equal(WireReadResult.Malformed, codec.ReadValue(raw, out _));
    }

    [Fact]
    public void Add_RefusesANameThatIsTaken() =>
        Assert.Contains("'user'", Assert.Throws<ArgumentException>(() => _registry.AddEnum<DayOfWeek>("user")).Message);

    [Fact]
    public void Add_RefusesATypeThatIsRegistered() =>
        Assert.Contains("Colour", Assert.Throws<ArgumentException>(() => _registry.AddEnum<Colour>("colour2")).Message);

    [Fact]
    public void Add_RefusesATypeThatTravelsByItself()
    {
        Assert.Throws<ArgumentException>(() => _registry.Add("x", new NoSerializer<string>()));
        Assert.Throws<ArgumentException>(() => _registry.Add("x", new NoSerializer<List<User>>()));
        Assert.Throws<ArgumentException>(() => _registry.Add("x", new NoSerializer<(int, User)>()));
        Assert.Throws<ArgumentException>(() => _registry.Add("x", new NoSerializer<object>()));
        Assert.Throws<ArgumentException>(() => _registry.Add("x", new NoSerializer<DayOfWeek>()));
    }

    [Fact]
    public void Add_RefusesANameThatIsEmptyOrTooLong()
    {
        Assert.Throws<ArgumentException>(() => _registry.AddEnum<DayOfWeek>(""));
        Assert.Throws<ArgumentException>(() => _registry.AddEnum<DayOfWeek>(new string('x', 32)));
        _registry.AddEnum<DayOfWeek>(new string('x', 31));
    }

    [Fact]
    public void Enum_IsWrittenAsItsNumber_WhateverItsType()
    {
        Assert.Equal(-7, EnumCodec<Colour>.Number(Colour.Infrared));
        Assert.Equal(255, EnumCodec<Small>.Number(Small.Most));
        Assert.Equal(-128, EnumCodec<Signed>.Number(Signed.Least));
        Assert.Equal(ulong.MaxValue, (ulong)EnumCodec<Huge>.Number(Huge.Most));
    }

    private sealed class NoSerializer<T> : IWireSerializer<T>
    {
        public void Serialize(T value, System.Buffers.IBufferWriter<byte> target) => throw new NotSupportedException();

        public T Deserialize(ReadOnlySpan<byte> source) => throw new NotSupportedException();
    }
}
