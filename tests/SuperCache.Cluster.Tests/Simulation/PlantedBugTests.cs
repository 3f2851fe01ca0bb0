using SuperCache.Identity;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Simulation;

/// <summary>
/// The simulation is worth what it finds: each rule broken on purpose shows as a broken invariant within 2,000 seeds.
/// A case begins a
/// little before the seed that found it last, so that the suite stays fast; a change of the protocol moves that seed.
/// One bug is shown
/// by a story instead. Two have no case yet: <see cref="PlantedBug.NoPromiseOnQuery"/>, because the map and the lease
/// promise almost as
/// early, and <see cref="PlantedBug.ResumeAfterIndeterminate"/>, because the next look at the voters hands over again
/// at once.
/// </summary>
public class PlantedBugTests
{
    private const int MostSeeds = 2_000;

    [Theory]
    [InlineData(nameof(PlantedBug.NoFencing), ReplicationMode.Sync, 110)]
    [InlineData(nameof(PlantedBug.NoGapCheck), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.TrimUncommitted), ReplicationMode.Strong, 0)]
    [InlineData(nameof(PlantedBug.AdoptLongest), ReplicationMode.Sync, 110)]
    [InlineData(nameof(PlantedBug.ServeWithoutLease), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.ServeBeforeActivation), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.ShadowAnswers), ReplicationMode.Sync, 350)]
    [InlineData(nameof(PlantedBug.AckEarly), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.NoQuery), ReplicationMode.Sync, 0)]
    [InlineData(nameof(PlantedBug.IgnoreChunkTags), ReplicationMode.Sync, 100)]
    [InlineData(nameof(PlantedBug.NoDeduplication), ReplicationMode.Sync, 0)]
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

    /// <summary>Too rare for random seeds: the store must go back between a lapse and the next poll of the new
    /// primary.</summary>
    [Theory]
    [InlineData(nameof(PlantedBug.None), false)]
    [InlineData(nameof(PlantedBug.NoConfirmation), true)]
    public void PrimaryThatReturnsToAStoreThatWentBack_ServesAgain_OnlyWithTheBug(string bug, bool isFound)
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync, bugs: Enum.Parse<PlantedBug>(bug));
        SimulatedNode zombie = cluster.Primary();
        MembershipState before = cluster.Cluster.Store.State;
        cluster.Cluster.Network.FarSide.Add(zombie.Slot);
        zombie.Pause(isSuspend: false);
        cluster.RunUntil(() =>
            cluster.Nodes.Any(n => n != zombie && n.Node!.IsServing(new PartitionId(0))), "taken over", 10_000);

        cluster.Cluster.Store.Restore(before);
        zombie.Resume();
        cluster.RunFor(300);

        Assert.Equal(isFound, cluster.Cluster.Violation?.StartsWith("I6", StringComparison.Ordinal) ?? false);
    }
}
