using SuperCache.Cluster;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// A simulated cluster for one story: no random faults and no load of its own; the test breaks what it wants, when it
/// wants. All checkers
/// watch, as in a random run.
/// </summary>
internal sealed class ScriptedCluster
{
    public ScriptedCluster(ReplicationMode mode,
        int nodes = 3, int copies = 3, int seed = 1, int partitions = 1, PlantedBug bugs = default,
        Func<ClusterLimits, ClusterLimits>? limits = null)
    {
        Cluster = new SimulatedCluster(new SimulationOptions
        {
            Seed = seed,
            Mode = mode,
            Profile = FaultProfile.Hostile,
            Nodes = nodes,
            Copies = copies,
            Partitions = partitions,
            Bugs = bugs,
            Limits = limits,
        });
        foreach (SimulatedNode node in Cluster.Nodes)
        {
            node.Start();
        }

        RunUntil(IsWhole, "whole", 15_000);
        Cluster.RunFor(3_000);
    }

    public SimulatedCluster Cluster { get; }

    public List<SimulatedNode> Nodes => Cluster.Nodes;

    /// <summary>The node that serves a partition as primary.</summary>
    public SimulatedNode Primary(int partition = 0) =>
        Nodes.Single(n => n.IsRunning && n.Node!.IsServing(new Identity.PartitionId(partition)));

    /// <summary>A running node that does not serve a partition as primary.</summary>
    public SimulatedNode Other(int partition = 0) =>
        Nodes.First(n => n.IsRunning && !n.Node!.IsServing(new Identity.PartitionId(partition)));

    public ClientOp Begin(
        SimulatedNode at, SimulatedOp kind, int key = 0, ReadMode mode = ReadMode.Primary, int partition = 0) =>
        Cluster.Clients.Begin(at, kind, mode, partition, table: 0, key);

    /// <summary>Runs an operation to its end.</summary>
    public ClientOp Do(
        SimulatedNode at, SimulatedOp kind, int key = 0, ReadMode mode = ReadMode.Primary, int partition = 0)
    {
        ClientOp op = Begin(at, kind, key, mode, partition);
        RunUntil(() => op.End != ClientOpEnd.Open, "answered", 5_000);
        return op;
    }

    /// <summary>Runs a put of a value whose operation has a size.</summary>
    public ClientOp DoBlob(SimulatedNode at, int size)
    {
        ClientOp op = Cluster.Clients.Begin(at, SimulatedOp.PutBlob, ReadMode.Primary, 0, 0, 0, size);
        RunUntil(() => op.End != ClientOpEnd.Open, "answered", 5_000);
        return op;
    }

    /// <summary>Asks again and again until an operation is acknowledged.</summary>
    public ClientOp DoUntilOk(SimulatedNode at, SimulatedOp kind, int key = 0, ReadMode mode = ReadMode.Primary)
    {
        ClientOp op = Do(at, kind, key, mode);
        for (int i = 0; i < 20 && op.End != ClientOpEnd.Ok; i++)
        {
            op = Do(at, kind, key, mode);
        }

        return op;
    }

    public void RunFor(int milliseconds) => Cluster.RunFor(milliseconds);

    public void RunUntil(Func<bool> condition, string what, int withinMs)
    {
        long end = Cluster.Events.Now + (withinMs * 1000L);
        while (!condition() && Cluster.Events.Now < end && Cluster.Violation is null)
        {
            Cluster.RunFor(1);
        }

        if (!condition())
        {
            throw new InvalidOperationException(
                $"Seed {Cluster.Options.Seed}: not {what} within {withinMs} ms. {Cluster.Violation}");
        }
    }

    /// <summary>Whether every partition has its activated copies, on running nodes only, and a serving
    /// primary.</summary>
    public bool IsWhole()
    {
        PartitionMap? map = Cluster.Store.State.Map;
        int running = Nodes.Count(n => n.IsRunning);
        int wanted = Math.Min(Cluster.ClusterOptions.Fingerprint.ReplicationFactor, running);
        return map is not null
            && map.View.Members.Length == running
            && map.Placements.All(p => p.IsActivated && p.Voters.Length == wanted)
            && Enumerable.Range(0, map.Placements.Length).All(p => Nodes.Any(
                n => n.IsRunning && n.Node!.IsServing(new Identity.PartitionId(p))));
    }

    /// <summary>Waits until the cluster is whole and checks everything there is to check.</summary>
    /// <returns>The first broken invariant; null when none is.</returns>
    public string? Finish()
    {
        RunUntil(IsWhole, "whole at the end", 30_000);
        Cluster.RunFor(8_000);
        Cluster.Checkers.CompareCopies();
        Cluster.Checkers.Final.Check();
        return Cluster.Violation;
    }
}
