using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Simulation;

/// <summary>
/// The simulation is worth what it finds: each rule broken on purpose shows as a broken invariant within 2,000 seeds.
/// A case begins a
/// little before the seed that found it last, so that the suite stays fast; a change of the protocol moves that seed.
/// </summary>
public class PlantedBugTests
{
    private const int MostSeeds = 2_000;

    [Theory]
    [InlineData(nameof(PlantedBug.NoFencing), ReplicationMode.Sync, 80)]
    [InlineData(nameof(PlantedBug.NoGapCheck), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.TrimUncommitted), ReplicationMode.Strong, 0)]
    [InlineData(nameof(PlantedBug.AdoptLongest), ReplicationMode.Sync, 290)]
    [InlineData(nameof(PlantedBug.ServeWithoutLease), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.ServeBeforeActivation), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.NoPromiseOnQuery), ReplicationMode.Sync, 160)]
    [InlineData(nameof(PlantedBug.ResumeAfterIndeterminate), ReplicationMode.Strong, 0)]
    [InlineData(nameof(PlantedBug.ShadowAnswers), ReplicationMode.Sync, 470)]
    [InlineData(nameof(PlantedBug.AckEarly), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.NoQuery), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.IgnoreChunkTags), ReplicationMode.Sync, 100)]
    [InlineData(nameof(PlantedBug.NoDeduplication), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.NoConfirmation), ReplicationMode.Strong, 460)]
    [InlineData(nameof(PlantedBug.NoObserverReset), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.NoWatermark), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.QuorumOfOne), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.ApplyEarly), ReplicationMode.Strong, 0)]
    public void Simulation_FindsPlantedBug(string bug, ReplicationMode mode, int firstSeed)
    {
        PlantedBug planted = Enum.Parse<PlantedBug>(bug);
        for (int seed = firstSeed; seed < MostSeeds; seed++)
        {
            SimulationResult result = SimulatedCluster.Run(
                new SimulationOptions { Seed = seed, Mode = mode, Bugs = planted });
            if (result.Violation is not null)
            {
                return;
            }
        }

        Assert.Fail($"{bug} was not found between seeds {firstSeed} and {MostSeeds} in {mode} mode.");
    }

    [Fact]
    public void EveryPlantedBug_HasACase()
    {
        object?[][] cases = [.. typeof(PlantedBugTests)
            .GetMethod(nameof(Simulation_FindsPlantedBug))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Cast<InlineDataAttribute>()
            .Select(a => a.Data)];

        Assert.Equal(
            Enum.GetNames<PlantedBug>().Where(n => n != nameof(PlantedBug.None)).Order(),
            cases.Select(c => (string)c[0]!).Order());
    }
}
