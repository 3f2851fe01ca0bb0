using CsCheck;
using SuperCache.Records;
using Xunit;

namespace SuperCache.Core.Tests.Records;

public sealed class ShortTextTests
{
    [Fact]
    public void AreEqual_SaysWhatStringEqualsSays_ForOneChangedCharacter() =>
        Gen.Select(Gen.Char.Array[5, 32], Gen.Int[0, 31], Gen.Char).Sample((chars, place, other) =>
    {
        string text = new(chars);
        char[] changed = [.. chars];
        changed[place % chars.Length] = other;
        string own = new(changed);
        return ShortText.Is(text)
            && ShortText.AreEqual(new string(chars), text)
            && ShortText.AreEqual(own, text) == string.Equals(own, text, StringComparison.Ordinal);
    });

    [Fact]
    public void AreEqual_IsFalse_ForAnotherLengthAndForNull()
    {
        Assert.False(ShortText.AreEqual(null, "12345"));
        Assert.False(ShortText.AreEqual("", "12345"));
        Assert.False(ShortText.AreEqual("123456", "12345"));
        Assert.False(ShortText.AreEqual("1234", "12345"));
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Is_TellsByLength(int length, bool expected) =>
        Assert.Equal(expected, ShortText.Is(new string('a', length)));
}
