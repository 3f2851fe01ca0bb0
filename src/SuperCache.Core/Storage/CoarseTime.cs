namespace SuperCache.Storage;

/// <summary>Tells of most deadlines that they lie ahead, at a fraction of what the exact time costs.</summary>
/// <remarks>
/// <para>
/// Reading <see cref="TimeProvider.System"/> takes as long as a whole look-up. The system's tick count is cheap
/// but coarse, and knows no date.
/// So an exact reading is kept as an anchor for at most <see cref="MaxAge"/>; anchor plus ticks since then plus
/// <see cref="Slack"/> is later than now. A deadline beyond that has not come; for any other the exact time is asked.
/// </para>
/// <list type="number">
/// <item>T1: an answer of true is right as long as nobody sets the system's clock forward by more than the slack;
/// if somebody does, for
/// <see cref="MaxAge"/> afterwards at the most it may be wrong by as much.</item>
/// <item>T2: no other clock is ever answered for from here, so that a fake clock is exact.</item>
/// </list>
/// </remarks>
internal static class CoarseTime
{
    /// <summary>The mark of what does not end.</summary>
    public const uint Never = uint.MaxValue;

    private const long MaxAge = 250;
    private const long Slack = 50;

    /// <summary>A mark counts units of 2^20 ticks, about a tenth of a second, and reaches 14 years far.</summary>
    private const int UnitBits = 20;

    private static readonly long Origin = TimeProvider.System.GetUtcNow().UtcTicks;

    private static Anchor _anchor = new(0, long.MinValue / 2);

    /// <summary>A deadline in four bytes, rounded down; 0 where only the exact one tells.</summary>
    public static uint Mark(long deadline) => deadline == long.MaxValue
        ? Never
        : (uint)Math.Clamp((deadline - Origin) >> UnitBits, 0, Never - 1);

    /// <summary>Whether the deadline of a mark surely lies ahead of the system's time.</summary>
    /// <remarks>Also where the system's clock was set back to before this process began: then 0 is not ahead
    /// either.</remarks>
    public static bool IsSurelyAhead(uint mark) => mark > Math.Max(0, (LatestNow() - Origin) >> UnitBits);

    /// <summary>Whether some UTC ticks surely lie ahead of the system's time.</summary>
    public static bool IsSurelyAhead(long deadline) => deadline > LatestNow();

    /// <summary>UTC ticks that are not before the system's time.</summary>
    private static long LatestNow()
    {
        Anchor anchor = Volatile.Read(ref _anchor);
        long age = Environment.TickCount64 - anchor.Tick;
        if ((ulong)age > MaxAge)
        {
            anchor = Renew();
            age = 0;
        }

        return anchor.Utc + ((age + Slack) * TimeSpan.TicksPerMillisecond);
    }

    private static Anchor Renew()
    {
        // In this order: a pause between the two makes the anchor later than it need be, never earlier.
        long tick = Environment.TickCount64;
        var anchor = new Anchor(TimeProvider.System.GetUtcNow().UtcTicks, tick);
        Volatile.Write(ref _anchor, anchor);
        return anchor;
    }

    private sealed record Anchor(long Utc, long Tick);
}
