namespace SuperCache.Cluster;

/// <summary>The protocol's periods and patience, all in milliseconds of a node's own monotonic clock.</summary>
internal sealed record ClusterTimings
{
    /// <summary>How long a lease lasts. The owner stops at 95 % of it, an observer waits 105 % (rule R-1).</summary>
    public int Lease { get; init; } = 6_000;

    /// <summary>Between two renewals; less than a third of the lease.</summary>
    public int Renew { get; init; } = 2_000;

    /// <summary>Between two looks at the membership store.</summary>
    public int Poll { get; init; } = 1_000;

    /// <summary>After this long an observer's gap between polls voids what it observed (rule R-2).</summary>
    public int PollGap { get; init; } = 3_000;

    /// <summary>When an unanswered store call counts as indeterminate.</summary>
    public int StoreTimeout { get; init; } = 1_500;

    /// <summary>Between two loopback pings.</summary>
    public int Ping { get; init; } = 500;

    /// <summary>After this long without an own ping the backplane counts as broken.</summary>
    public int PingLoss { get; init; } = 2_000;

    /// <summary>Between two heartbeats of a primary with nothing to say; less than
    /// <see cref="MaxStaleness"/>.</summary>
    public int Heartbeat { get; init; } = 500;

    /// <summary>First wait before unacknowledged ops are sent again; doubles up to <see cref="ResendMax"/>.</summary>
    public int Resend { get; init; } = 60;

    /// <summary>The longest wait before unacknowledged ops are sent again.</summary>
    public int ResendMax { get; init; } = 500;

    /// <summary>How long a takeover waits for more copies than it needs.</summary>
    public int TakeoverExtra { get; init; } = 500;

    /// <summary>When an unacknowledged snapshot chunk is sent again.</summary>
    public int ChunkResend { get; init; } = 400;

    /// <summary>When a receiver gives up a snapshot that gets no chunk.</summary>
    public int ShadowPatience { get; init; } = 1_500;

    /// <summary>When a sender gives up a snapshot that is not acknowledged.</summary>
    public int SnapshotPatience { get; init; } = 3_000;

    /// <summary>A local read on a replica that has not heard from its primary for this long goes to the
    /// primary.</summary>
    public int MaxStaleness { get; init; } = 2_000;

    /// <summary>How long a caller waits for a request that names no deadline.</summary>
    public int Request { get; init; } = 2_000;

    /// <summary>When a forwarded request without an answer is sent again.</summary>
    public int RequestResend { get; init; } = 300;

    /// <summary>Wait before a request that was not executed is tried again.</summary>
    public int RequestRetry { get; init; } = 20;

    /// <summary>How long a copy that nobody counts on is kept (rule R-18).</summary>
    public int Hygiene { get; init; } = 5_000;

    /// <summary>How long rebalancing rests after the membership changed.</summary>
    public int RebalanceRest { get; init; } = 10_000;
}
