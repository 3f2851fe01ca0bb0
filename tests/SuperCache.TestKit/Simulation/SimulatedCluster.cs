using SuperCache.Cluster;

namespace SuperCache.TestKit.Simulation;

/// <summary>What a run came to.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Violation">The first broken invariant; null when none was.</param>
/// <param name="Acknowledged">Operations that ended well.</param>
/// <param name="Refused">Operations that were refused.</param>
/// <param name="Open">Operations whose outcome stayed open.</param>
/// <param name="UnsafeRecoveries">Takeovers without enough copies.</param>
/// <param name="Excused">Reigns that lacked committed ops of which nobody could know.</param>
/// <param name="Description">The run's parameters, for messages.</param>
internal sealed record SimulationResult(
    int Seed, string? Violation, int Acknowledged, int Refused, int Open, int UnsafeRecoveries, int Excused,
    string Description);

/// <summary>
/// A cluster in virtual time: one thread, no sleeping, everything random from one seed, every frame through its bytes.
/// Running the same
/// options twice does exactly the same.
/// </summary>
internal sealed class SimulatedCluster
{
    /// <summary>Shorter than in production, so that more happens in a run.</summary>
    public const int LeaseMs = 1_500;

    private const int WarmUpMs = 3_000;

    public SimulatedCluster(SimulationOptions options)
    {
        Options = options;
        Random = new Random(unchecked((options.Seed * 397) ^ (int)options.Mode));
        Profile = options.Profile ?? (FaultProfile)(1 + Random.Next(2));
        int nodes = options.Nodes ?? Random.Next(Profile == FaultProfile.Tolerable ? 3 : 2, 6);
        int copies = options.Copies ?? (Profile == FaultProfile.Tolerable ? Random.Next(2, 4) : Random.Next(1, 4));
        ClusterOptions = new ClusterOptions
        {
            Fingerprint = new ClusterFingerprint(options.Partitions, copies, options.Mode),
            Bugs = options.Bugs,
            Timings = Timings,
            Limits = options.Limits?.Invoke(Limits) ?? Limits,
        };
        Network = new SimulatedNetwork(Events, Random);
        Store = new SimulatedStore(Events, Random);
        Checkers = new Checkers(this);
        Store.Memory = Checkers.Memory;
        Clients = new ClientLoad(this);
        for (int slot = 0; slot < nodes; slot++)
        {
            Nodes.Add(new SimulatedNode(this, slot));
        }
    }

    public SimulationOptions Options { get; }

    public FaultProfile Profile { get; }

    public Random Random { get; }

    public EventQueue Events { get; } = new();

    public ClusterOptions ClusterOptions { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedStore Store { get; }

    public List<SimulatedNode> Nodes { get; } = [];

    public ClientLoad Clients { get; }

    public Checkers Checkers { get; }

    /// <summary>The first broken invariant.</summary>
    public string? Violation { get; private set; }

    private static ClusterTimings Timings => new()
    {
        Lease = LeaseMs,
        Renew = 450,
        Poll = 250,
        PollGap = 800,
        StoreTimeout = 600,
        Ping = 150,
        PingLoss = 600,
        Heartbeat = 200,
        MaxStaleness = 700,
        TakeoverExtra = 200,
        Hygiene = 1_200,
        RebalanceRest = 1_500,
        Request = 1_500,
        RequestResend = 150,
    };

    private static ClusterLimits Limits => new()
    {
        RetainedOps = 24,
        LogOps = 400,
        InFlightOps = 64,
        RecentRequests = 128,
        ChunkEntries = 4,
        MinBuckets = 4,
        QueuedRequests = 32,
        PromotionLag = 10,
    };

    /// <summary>Runs a simulation from beginning to end.</summary>
    public static SimulationResult Run(SimulationOptions options)
    {
        var cluster = new SimulatedCluster(options);
        return cluster.Run();
    }

    /// <summary>Reports a broken invariant; the run stops.</summary>
    public void Report(string violation)
    {
        Violation ??= $"{violation} (at {Events.Now / 1000} ms)";
        Trace(-1, "VIOLATION " + violation);
    }

    public void Trace(int slot, string what) => Options.Trace?.Invoke($"{Events.Now / 1000.0,10:F1} [{slot}] {what}");

    /// <summary>Lets virtual time pass, or stops at the first violation.</summary>
    public void RunFor(int milliseconds) =>
        Events.RunUntil(Events.Now + (milliseconds * 1000L), () => Violation is not null);

    private SimulationResult Run()
    {
        try
        {
            RunPhases();
        }
        catch (Exception e) when (Options.Bugs != PlantedBug.None
            || e is InvalidOperationException or NullReferenceException)
        {
            Report("exception " + e);
        }

        return new SimulationResult(
            Options.Seed,
            Violation,
            Clients.History.Count(o => o.End == ClientOpEnd.Ok),
            Clients.History.Count(o => o.End is ClientOpEnd.Unavailable or ClientOpEnd.Busy),
            Clients.History.Count(o => o.End is ClientOpEnd.Indeterminate or ClientOpEnd.Lost or ClientOpEnd.Open),
            Checkers.UnsafeRecoveries,
            Checkers.Excused,
            $"seed {Options.Seed}, {Options.Mode}, {Profile}, {Nodes.Count} nodes, "
                + $"{ClusterOptions.Fingerprint.ReplicationFactor} copies");
    }

    private void RunPhases()
    {
        foreach (SimulatedNode node in Nodes)
        {
            Events.After(Random.Next(1_000_000), node.Start);
            Clients.AddClient(node.Slot);
        }

        Compare();
        var faults = new FaultPlan(this);
        RunFor(WarmUpMs);
        faults.Start();
        RunFor(Options.BusyMs);
        faults.Stop();
        Events.After(1_000_000, () => Clients.IsStopped = true);
        RunFor(Options.QuietMs);
        if (Violation is null)
        {
            Checkers.CompareCopies();
            Checkers.Final.Check();
        }

        if (Violation is not null && Options.Trace is not null)
        {
            SimulationDump.Write(this);
        }
    }

    private void Compare() => Events.After(500_000, () =>
    {
        Checkers.CompareCopies();
        Compare();
    });
}
