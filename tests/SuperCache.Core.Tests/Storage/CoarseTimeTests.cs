using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class CoarseTimeTests
{
    private static long Now => TimeProvider.System.GetUtcNow().UtcTicks;

    [Fact]
    public void Mark_LiesAhead_OnlyWhereItsDeadlineDoes()
    {
        Assert.True(CoarseTime.IsSurelyAhead(CoarseTime.Mark(Now + TimeSpan.TicksPerHour)));
        Assert.False(CoarseTime.IsSurelyAhead(CoarseTime.Mark(Now)));
        Assert.False(CoarseTime.IsSurelyAhead(CoarseTime.Mark(Now - TimeSpan.TicksPerDay)));
        Assert.False(CoarseTime.IsSurelyAhead(CoarseTime.Mark(0)));
    }

    [Fact]
    public void Mark_AsksForTheExactTime_WhereItIsZero() => Assert.False(CoarseTime.IsSurelyAhead(0u));

    [Fact]
    public void Mark_OfAFarDeadline_IsNotTheOneOfNone()
    {
        Assert.Equal(CoarseTime.Never, CoarseTime.Mark(long.MaxValue));
        Assert.Equal(CoarseTime.Never - 1, CoarseTime.Mark(long.MaxValue - 1));
    }
}
