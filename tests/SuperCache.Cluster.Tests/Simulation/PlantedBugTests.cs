using SuperCache.Cluster;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Simulation;

/// <summary>The simulation is worth what it finds: each rule broken on purpose shows as a broken invariant.</summary>
public class PlantedBugTests
{
    private const int MostSeeds = 2_000;

    [Theory]
    [InlineData(nameof(PlantedBug.NoFencing), ReplicationMode.Sync)]
    [InlineData(nameof(PlantedBug.NoGapCheck), ReplicationMode.Sync)]
    public void Simulation_FindsPlantedBug(string bug, ReplicationMode mode)
    {
        PlantedBug planted = Enum.Parse<PlantedBug>(bug);
        for (int seed = 0; seed < MostSeeds; seed++)
        {
            SimulationResult result = SimulatedCluster.Run(
                new SimulationOptions { Seed = seed, Mode = mode, Bugs = planted });
            if (result.Violation is not null)
            {
                return;
            }
        }

        Assert.Fail($"{bug} was not found within {MostSeeds} seeds in {mode} mode.");
    }
}
