namespace SuperCache.Cluster;

/// <summary>
/// Breaks the protocol in one place, to show that the simulation finds it. Only tests set one; each is read at exactly
/// one place
/// in the code, beside the rule it breaks.
/// </summary>
[Flags]
internal enum PlantedBug
{
    /// <summary>The protocol as it should be.</summary>
    None = 0,

    /// <summary>A replica acknowledges the ops of a reign that has been fenced .</summary>
    NoFencing = 1 << 0,

    /// <summary>A replica appends ops without checking what they follow.</summary>
    NoGapCheck = 1 << 1,

    /// <summary>A log drops ops that are not committed .</summary>
    TrimUncommitted = 1 << 2,

    /// <summary>A takeover adopts the longest log instead of the most advanced one .</summary>
    AdoptLongest = 1 << 3,

    /// <summary>A primary serves without a valid lease .</summary>
    ServeWithoutLease = 1 << 4,

    /// <summary>A new reign serves before its voters are activated .</summary>
    ServeBeforeActivation = 1 << 5,

    /// <summary>A node answers a takeover's query without promising .</summary>
    NoPromiseOnQuery = 1 << 6,

    /// <summary>A primary goes on after a transfer whose outcome it does not know .</summary>
    ResumeAfterIndeterminate = 1 << 7,

    /// <summary>A half-received copy answers queries as if it were complete (I9).</summary>
    ShadowAnswers = 1 << 8,

    /// <summary>A primary acknowledges as soon as it has applied, whatever the mode.</summary>
    AckEarly = 1 << 9,

    /// <summary>A takeover starts from its own copy without asking the others .</summary>
    NoQuery = 1 << 10,

    /// <summary>A snapshot's buckets are used without regard to the places at which they were read .</summary>
    IgnoreChunkTags = 1 << 11,

    /// <summary>A repeated request is executed again (I14).</summary>
    NoDeduplication = 1 << 12,

    /// <summary>A primary serves again after its lease lapsed without asking its voters .</summary>
    NoConfirmation = 1 << 13,

    /// <summary>An observer trusts what it saw before it lost sight of the store .</summary>
    NoObserverReset = 1 << 14,

    /// <summary>A local read is answered whatever this node has acknowledged before (I7).</summary>
    NoWatermark = 1 << 15,

    /// <summary>A quorum read is satisfied with one answer .</summary>
    QuorumOfOne = 1 << 16,

    /// <summary>In strong mode an op is applied before it is committed.</summary>
    ApplyEarly = 1 << 17,
}
