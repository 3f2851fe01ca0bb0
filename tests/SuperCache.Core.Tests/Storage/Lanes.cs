using SuperCache.Diagnostics;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache.Core.Tests.Storage;

/// <summary>Lanes without a cache around them.</summary>
internal static class Lanes
{
    public static LaneTerms Terms(KeyHasher hasher, int partitions = 1)
    {
        var tally = new ReadTally();
        return new LaneTerms(hasher, tally, partitions, new DirectAccess(tally));
    }

    /// <summary>Shows an index in a lane, as the one of partition 0.</summary>
    public static Lane<TRecord> Open<TRecord>(RecordIndex<TRecord> index, KeyHasher hasher, Lane? lane = null) =>
        (Lane<TRecord>)index.ShowIn(lane, Terms(hasher), partition: 0);
}
