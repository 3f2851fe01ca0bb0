namespace SuperCache.Cluster;

/// <summary>What one node of a cluster is told at its start.</summary>
internal sealed record ClusterOptions
{
    /// <summary>What all nodes must agree on.</summary>
    public required ClusterFingerprint Fingerprint { get; init; }

    /// <summary>The cluster's name; frames of another one are dropped.</summary>
    public string ClusterName { get; init; } = "default";

    /// <summary>The node's configured name, for people only.</summary>
    public string Label { get; init; } = "";

    /// <summary>The wire versions this node speaks.</summary>
    public WireRange Wire { get; init; } = new(WireRange.Current, WireRange.Current);

    /// <summary>Periods and patience.</summary>
    public ClusterTimings Timings { get; init; } = new();

    /// <summary>Bounds.</summary>
    public ClusterLimits Limits { get; init; } = new();

    /// <summary>What is broken on purpose; only tests set it.</summary>
    public PlantedBug Bugs { get; init; }

    /// <summary>Whether a rule is broken on purpose.</summary>
    public bool Breaks(PlantedBug bug) => (Bugs & bug) != 0;
}
