namespace SuperCache.Cluster;

/// <summary>
/// Arithmetic of map versions. A version is <c>generation · 2^26 + changes</c>; the generation is the store's clock in
/// units of 8 seconds
/// since 2024, and always more than any generation seen before. The clock only makes generations of a forgetful store
/// unlikely to
/// repeat; no rule depends on it. Each change adds a random step, and a repair a large one, so that a store that has
/// gone back does not hand out the same epochs
/// again. A version stays below 2^53 until 2058, so a Lua script, whose numbers are doubles, counts it exactly.
/// </summary>
internal static class MapVersion
{
    private const int ChangeBits = 26;
    private const int SecondsPerGeneration = 8;

    /// <summary>The largest step of one change.</summary>
    public const int MaxStep = 2_048;

    /// <summary>The largest step of a repair into its generation: two nodes may repair one generation after
    /// another.</summary>
    public const int MaxRepairStep = 1 << 22;

    private static readonly DateTimeOffset Origin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first version of a generation above every version that anybody is known to have seen.</summary>
    /// <param name="storeClock">The store's wall clock.</param>
    /// <param name="highestSeen">The highest version seen; 0 when none.</param>
    public static long NextGeneration(DateTimeOffset storeClock, long highestSeen)
    {
        long byClock = Math.Max(0, (long)(storeClock - Origin).TotalSeconds / SecondsPerGeneration);
        long bySeen = (highestSeen >> ChangeBits) + 1;
        return Math.Max(byClock, bySeen) << ChangeBits;
    }
}
