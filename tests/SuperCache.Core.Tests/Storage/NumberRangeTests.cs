using CsCheck;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>A dense range is found where there is one, and only there.</summary>
public sealed class NumberRangeTests
{
    private const int Sample = 256;

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(0, 100_000)]
    [InlineData(5_000_000, 100_000)]
    [InlineData(-40_000, 100_000)]
    [InlineData(long.MaxValue - 200_000, 100_000)]
    [InlineData(long.MinValue + 100_000, 100_000)]
    public void KeysWithoutGaps_AreARange_ThatHoldsThemAll(long first, int count)
    {
        long[] sample = SampleOf([.. Enumerable.Range(0, count).Select(i => first + i)], seed: 1);
        NumberRange range = Assert.NotNull(NumberRange.FindDense(sample, (double)count / Sample));
        Assert.True(range.First <= first, $"{range} begins too late.");
        Assert.True(range.First + range.Length >= first + (double)count, $"{range} ends too early.");
        Assert.InRange(range.Keys, count * 0.9, count * 1.1);
        Assert.True(range.Length < count * 1.2, $"{range} is too wide.");
    }

    [Fact]
    public void Outliers_AreLeftOut()
    {
        long[] keys =
        [
            long.MinValue, -1, int.MinValue, .. Enumerable.Range(1_000, 50_000).Select(i => (long)i),
            int.MaxValue, long.MaxValue,
        ];
        long[] sample = [long.MinValue, int.MinValue, .. SampleOf(keys[3..^2], seed: 2), int.MaxValue, long.MaxValue];
        NumberRange range = Assert.NotNull(NumberRange.FindDense(sample, (double)keys.Length / sample.Length));
        Assert.InRange(range.Least, 1_000, 3_000);
        Assert.InRange(range.Greatest, 48_000, 51_000);
        Assert.True(range.Length < 60_000, $"{range} is too wide.");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(1_024)]
    public void KeysWithGaps_AreNone(int step)
    {
        long[] sample = SampleOf([.. Enumerable.Range(0, 100_000).Select(i => (long)i * step)], seed: 3);
        Assert.Null(NumberRange.FindDense(sample, 100_000.0 / Sample));
    }

    [Fact]
    public void AMinorityOfKeys_IsNone()
    {
        long[] keys =
        [
            .. Enumerable.Range(0, 40_000).Select(i => (long)i),
            .. Enumerable.Range(0, 60_000).Select(i => 1_000_000L + (i * 1_000L)),
        ];
        Assert.Null(NumberRange.FindDense(SampleOf(keys, seed: 4), 100_000.0 / Sample));
    }

    [Fact]
    public void AnySample_EndsInARangeThatIsDense_OrInNone() =>
        Gen.Select(Gen.Long.Array[32, Sample], Gen.Double[1, 1e6]).Sample((sample, each) =>
        {
            Array.Sort(sample);
            return NumberRange.FindDense(sample, each) is not { } range
                || (range.Keys >= range.Length * NumberRange.LeastDensity && range.Margin >= 0
                    && range.Least <= range.Greatest && sample.Count(range.Spans) > sample.Length / 2);
        });

    private static long[] SampleOf(long[] keys, int seed)
    {
        long[] all = [.. keys];
        new Random(seed).Shuffle(all);
        long[] sample = all[..Math.Min(Sample, all.Length)];
        Array.Sort(sample);
        return sample;
    }
}
