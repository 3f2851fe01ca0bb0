using CsCheck;
using SuperCache.Records;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Records;

public sealed class KeyOrderTests
{
    private static readonly Gen<object> Ordered = Gen.OneOf(
        Keys.Mixed,
        Gen.Select(Keys.Mixed, Keys.Mixed).Select((a, b) => (object)(a, b)),
        Gen.Select(Keys.Mixed, Gen.Int[0, 1]).Select((a, b) => (object)Tuple.Create(a, b)),
        Gen.Select(Gen.Int[0, 1], Keys.Mixed).Select((a, b) => (object)(a, b, (a, (string?)null))),
        Gen.Int[0, 2].Select(i => (object)new Version(1, i)),
        Gen.Int[0, 2].Select(i => (object)(Int128)i),
        Gen.Int[0, 2].Select(i => (object)TimeSpan.FromSeconds(i)),
        Gen.Int[0, 2].Select(i => (object)(Half)i));

    [Fact]
    public void Compare_IsZero_ExactlyForEqualKeys() => Gen.Select(Ordered, Ordered).Sample(
        (a, b) => KeyOrder.Compare(a, b) == 0 == a.Equals(b), iter: 20_000);

    [Fact]
    public void Compare_TurnsItsSign_WhenTheKeysAreSwapped() => Gen.Select(Ordered, Ordered).Sample(
        (a, b) => Math.Sign(KeyOrder.Compare(a, b)) == -Math.Sign(KeyOrder.Compare(b, a)), iter: 20_000);

    [Fact]
    public void Compare_IsTransitive_OverKeysOfAllTypes() => Gen.Select(Ordered, Ordered, Ordered).Sample(
        (a, b, c) =>
            !(KeyOrder.Compare(a, b) <= 0 && KeyOrder.Compare(b, c) <= 0) || KeyOrder.Compare(a, c) <= 0, iter: 50_000);

    [Fact]
    public void Compare_AgreesWithTheBoxedForm_WhenTheKeyHasItsOwnType() =>
        Gen.Select(Ordered, Ordered).Sample((a, b) =>
    {
        int boxed = Math.Sign(KeyOrder.Compare(a, b));
        int typed = a switch
        {
            int key => KeyOrder.Compare(key, b),
            long key => KeyOrder.Compare(key, b),
            double key => KeyOrder.Compare(key, b),
            string key => KeyOrder.Compare(key, b),
            Guid key => KeyOrder.Compare(key, b),
            DayOfWeek key => KeyOrder.Compare(key, b),
            ValueTuple<int, string> key => KeyOrder.Compare(key, b),
            ValueTuple<object, object> key => KeyOrder.Compare(key, b),
            ValueTuple<long, Guid> key => KeyOrder.Compare(key, b),
            _ => boxed,
        };
        Assert.Equal(boxed, Math.Sign(typed));
    }, iter: 20_000);

    [Fact]
    public void Compare_FollowsTheDocumentedRanks()
    {
        object[] ascending =
        [
            false, true, 'a', (
                sbyte)1, (byte)1, (short)1, (ushort)1, int.MinValue, -1, 0, int.MaxValue, 1u, long.MinValue, 1L, 1ul,
            (Int128)1, (
                UInt128)1, (Half)1, 1f, double.NaN, -1.0, 1.0, 1m, new DateTime(2030, 1, 1), DateTimeOffset.UnixEpoch,
            new DateOnly(
                2030, 1, 1), new TimeOnly(1, 0), TimeSpan.Zero, Guid.Empty, "", "A", "B", "a", "ä", new Version(1, 0),
            ValueTuple.Create("z"), (1, 1), (1, 2), (2, 0), ("a", 0), (0, 0, 0), DayOfWeek.Sunday, DayOfWeek.Monday,
        ];
        object[] shuffled = [.. ascending];
        new Random(5).Shuffle(shuffled);
        Array.Sort(shuffled, (a, b) => KeyOrder.Compare(a, b));
        Assert.Equal(ascending, shuffled);
    }

    [Fact]
    public void ThrowIfUnordered_NamesTheType_OfAKeyThatCannotBeCompared()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => KeyOrder.ThrowIfUnordered((1, new object[1])));
        Assert.Contains("System.Object[]", error.Message, StringComparison.Ordinal);
        KeyOrder.ThrowIfUnordered((1, (string?)null, (1, 2)));
    }
}
