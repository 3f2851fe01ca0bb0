namespace SuperCache.Cluster;

/// <summary>The bounds of everything that could grow: no log, window, table or frame is larger (invariant
/// I12).</summary>
internal sealed record ClusterLimits
{
    /// <summary>What <see cref="MessageBytes"/> is in every cluster that is not a test's.</summary>
    public const int LargestMessage = 20 << 20;

    /// <summary>What <see cref="OpBytes"/> is in every cluster that is not a test's.</summary>
    public const int LargestOp = 17 << 20;

    /// <summary>Ops a partition may have unconfirmed before writes are refused as busy.</summary>
    public int InFlightOps { get; init; } = 1_024;

    /// <summary>Bytes a partition may have unconfirmed before writes are refused as busy.</summary>
    public long InFlightBytes { get; init; } = 4 << 20;

    /// <summary>Ops kept below the commit point, so that a replica that was away catches up without a
    /// snapshot.</summary>
    public int RetainedOps { get; init; } = 1_024;

    /// <summary>Bytes at which fewer ops are kept below the commit point.</summary>
    public long RetainedBytes { get; init; } = 1 << 20;

    /// <summary>Ops a log may hold at most while somebody still needs them.</summary>
    public int LogOps { get; init; } = 65_536;

    /// <summary>Bytes a log may hold at most while somebody still needs them.</summary>
    public long LogBytes { get; init; } = 64 << 20;

    /// <summary>Bytes that all logs of a node may hold together before each is cut to its even share of them.</summary>
    public long NodeLogBytes { get; init; } = 256 << 20;

    /// <summary>The aimed size of a frame and of a batch of ops.</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>Unacknowledged bytes per destination, of all partitions, before sending pauses.</summary>
    public long WindowBytes { get; init; } = 4 << 20;

    /// <summary>The largest message that is parsed at all.</summary>
    public int MessageBytes { get; init; } = LargestMessage;

    /// <summary>The largest operation that is taken and the largest op it may become: an encoded value of the largest
    /// size, with its key. What is larger is refused at the put.</summary>
    public int OpBytes { get; init; } = LargestOp;

    /// <summary>Snapshots a node sends at once, and receives at once.</summary>
    public int Snapshots { get; init; } = 2;

    /// <summary>Snapshot chunks under way at once.</summary>
    public int ChunkWindow { get; init; } = 4;

    /// <summary>The aimed number of entries in a snapshot chunk.</summary>
    public int ChunkEntries { get; init; } = 512;

    /// <summary>The fewest chunks of a snapshot; a power of two.</summary>
    public int MinBuckets { get; init; } = 64;

    /// <summary>Requests a partition remembers to execute each once.</summary>
    public int RecentRequests { get; init; } = 4_096;

    /// <summary>Bytes of answers that a partition remembers with them.</summary>
    public long RecentRequestBytes { get; init; } = 4 << 20;

    /// <summary>Nodes of which a partition remembers the latest forgotten request; live nodes do not count.</summary>
    public int RememberedOrigins { get; init; } = 256;

    /// <summary>Requests that may wait for a key in <see cref="ReplicationMode.Strong"/>, for each partition.</summary>
    public int QueuedRequests { get; init; } = 1_024;

    /// <summary>Requests a node may have open.</summary>
    public int OpenRequests { get; init; } = 65_536;

    /// <summary>How far a learner may trail when it becomes a voter (rule R-20): what one window holds.</summary>
    public int PromotionLag { get; init; } = 1_024;

    /// <summary>Partitions a primary's node moves at once while rebalancing.</summary>
    public int Moves { get; init; } = 2;
}
