using SuperCache.Cluster;

namespace SuperCache.TestKit.Simulation;

/// <summary>Which faults a run injects.</summary>
internal enum FaultProfile
{
    /// <summary>None; only latency and its jitter.</summary>
    Calm,

    /// <summary>One node at a time fails, and only while all partitions have all their copies: nothing acknowledged
    /// may be lost.</summary>
    Tolerable,

    /// <summary>Everything at once, including a store that forgets.</summary>
    Hostile,
}

/// <summary>One run. Together with the code it determines everything that happens.</summary>
internal sealed record SimulationOptions
{
    public required int Seed { get; init; }

    public required ReplicationMode Mode { get; init; }

    public FaultProfile? Profile { get; init; }

    /// <summary>What a hostile run does most; drawn from the seed when null.</summary>
    public FaultTheme? Theme { get; init; }

    /// <summary>Changes the simulation's limits; null when they are as usual.</summary>
    public Func<ClusterLimits, ClusterLimits>? Limits { get; init; }

    public PlantedBug Bugs { get; init; }

    public int? Nodes { get; init; }

    public int? Copies { get; init; }

    public int Partitions { get; init; } = 2;

    /// <summary>Milliseconds with faults and load.</summary>
    public int BusyMs { get; init; } = 20_000;

    /// <summary>Milliseconds afterwards, with neither, before the cluster must be whole.</summary>
    public int QuietMs { get; init; } = 20_000;

    /// <summary>Collects a line for each thing that happens; for debugging one seed.</summary>
    public Action<string>? Trace { get; init; }
}
