using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>What each read mode promises, from every node.</summary>
public class ReadTests
{
    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void LocalRead_AsksThePrimary_OnANodeWithoutACopy(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode, nodes: 4, copies: 2);
        cluster.Do(cluster.Primary(), SimulatedOp.Put);

        SimulatedNode stranger = cluster.Nodes.First(n => n.Node!.Replicas[0].Copy is null);

        Assert.NotEmpty(cluster.Do(stranger, SimulatedOp.Get, mode: ReadMode.Local).Result);
        Assert.Null(cluster.Finish());
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void LocalRead_SeesEveryWriteOfItsNode(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode);
        SimulatedNode replica = cluster.Other();
        for (int i = 0; i < 50; i++)
        {
            ClientOp write = cluster.Do(replica, SimulatedOp.Put);
            Assert.Equal(write.Operation[6..14], cluster.Do(replica, SimulatedOp.Get, mode: ReadMode.Local).Result);
            Assert.Equal(ClientOpEnd.Ok, cluster.Do(replica, SimulatedOp.Delete).End);
            Assert.Empty(cluster.Do(replica, SimulatedOp.Get, mode: ReadMode.Local).Result);
        }

        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void LocalRead_GoesToThePrimary_WhenTheCopyMayBeStale()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode replica = cluster.Other();
        cluster.Cluster.Network.FarSide.Add(replica.Slot);
        cluster.RunFor(1_200);

        Assert.Equal(ClientOpEnd.Unavailable, cluster.Do(replica, SimulatedOp.Get, mode: ReadMode.Local).End);
        cluster.Cluster.Network.FarSide.Clear();
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void LocalRead_IsNotAnswered_FromACopyThatWasGivenUp_WhenItsNodeTakesOverDeaf()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Strong, nodes: 2, copies: 1);
        SimulatedNode first = cluster.Primary();
        SimulatedNode second = cluster.Other();
        ClientOp written = cluster.Do(first, SimulatedOp.Put);
        first.Pause(isSuspend: false);
        Assert.Equal(ClientOpEnd.Ok, cluster.DoUntilOk(second, SimulatedOp.Put).End);

        // The first is told that the second leads; the store forgets and is repaired, so that the first keeps its copy.
        first.Resume();
        cluster.RunUntil(() => first.Node!.Replicas[0].Placement!.Primary == second.Id, "told", 5_000);
        cluster.Cluster.Store.Wipe();
        cluster.RunUntil(() => first.Node!.Replicas[0].Placement!.PollAll, "repaired", 5_000);
        second.Pause(isSuspend: false);
        cluster.Cluster.Network.Deaf.Add(first.Slot);
        cluster.RunUntil(() => first.Node!.Replicas[0].Placement!.Primary == first.Id, "named primary", 10_000);
        ClientOp read = cluster.Do(first, SimulatedOp.Get, mode: ReadMode.Local);

        Assert.True(read.End != ClientOpEnd.Ok, read.ToString());
        Assert.Equal(written.Position, first.Node!.Replicas[0].Copy!.Last);
        cluster.Cluster.Network.Deaf.Clear();
        second.Resume();
        Assert.Null(cluster.Finish());
    }

    [Theory]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void QuorumRead_SeesAcknowledgedWrites_WithoutThePrimary(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode);
        ClientOp write = cluster.Do(cluster.Primary(), SimulatedOp.Put);
        SimulatedNode reader = cluster.Other();
        cluster.RunFor(300);
        cluster.Primary().Pause(isSuspend: false);

        ClientOp read = cluster.Do(reader, SimulatedOp.Get, mode: ReadMode.Quorum);

        Assert.Equal(write.Operation[6..14], read.Result);
        cluster.Nodes.ForEach(n => n.Resume());
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void QuorumRead_IsUnavailable_WithoutAMajority()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode reader = cluster.Other();
        cluster.Cluster.Network.FarSide.Add(reader.Slot);

        Assert.Equal(ClientOpEnd.Unavailable, cluster.Do(reader, SimulatedOp.Get, mode: ReadMode.Quorum).End);
        cluster.Cluster.Network.FarSide.Clear();
        Assert.Null(cluster.Finish());
    }
}
