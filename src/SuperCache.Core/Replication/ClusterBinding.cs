using SuperCache.Cluster;

namespace SuperCache.Replication;

/// <summary>What a host gives an engine to make it one node of a cluster.</summary>
/// <param name="Link">The node's connection; disposed together with the engine.</param>
internal sealed record ClusterBinding(IClusterLink Link)
{
    /// <summary>The cluster's name: equal at all its nodes, another for every other cluster on the same
    /// backplane.</summary>
    public string ClusterName { get; init; } = "default";

    /// <summary>The node's name, for people: statistics and logs show it.</summary>
    public string Label { get; init; } = "";

    /// <summary>Periods and patience, the lease among them.</summary>
    public ClusterTimings Timings { get; init; } = new();

    /// <summary>Bounds.</summary>
    public ClusterLimits Limits { get; init; } = new();

    /// <summary>How long a join may take before it fails.</summary>
    public TimeSpan JoinPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a node tries to hand its partitions over before it goes without.</summary>
    public TimeSpan LeavePatience { get; init; } = TimeSpan.FromSeconds(10);
}
