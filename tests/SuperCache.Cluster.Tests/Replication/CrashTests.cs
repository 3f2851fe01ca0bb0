using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>What is left after nodes crash, leave and come back.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(ReplicationMode.Sync, 2)]
    [InlineData(ReplicationMode.Sync, 3)]
    [InlineData(ReplicationMode.Strong, 2)]
    [InlineData(ReplicationMode.Strong, 3)]
    public void AcknowledgedWrite_Survives_WhenThePrimaryCrashes(ReplicationMode mode, int copies)
    {
        var cluster = new ScriptedCluster(mode, nodes: 3, copies);
        SimulatedNode primary = cluster.Primary();
        ClientOp write = cluster.Do(cluster.Other(), SimulatedOp.Put);
        Assert.Equal(ClientOpEnd.Ok, write.End);

        primary.Crash();

        ClientOp read = cluster.DoUntilOk(cluster.Other(), SimulatedOp.Get);
        Assert.Equal(write.Operation[6..14], read.Result);
        Assert.Equal(0, cluster.Cluster.Checkers.UnsafeRecoveries);
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void AsyncWrites_LoseAtMostASuffix_WhenThePrimaryCrashes()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Async);
        SimulatedNode primary = cluster.Primary();
        cluster.Do(primary, SimulatedOp.Put, key: 1);
        cluster.RunFor(100);
        cluster.Cluster.Network.Mute.Add(primary.Slot);
        ClientOp lost = cluster.Do(primary, SimulatedOp.Put, key: 2);
        Assert.Equal(ClientOpEnd.Ok, lost.End);

        primary.Crash();
        cluster.Cluster.Network.Mute.Clear();

        Assert.NotEmpty(cluster.DoUntilOk(cluster.Other(), SimulatedOp.Get, key: 1).Result);
        Assert.Empty(cluster.DoUntilOk(cluster.Other(), SimulatedOp.Get, key: 2).Result);
        Assert.Null(cluster.Finish());
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void MoreCrashesThanTolerated_AreReported_AndTheMostAdvancedSurvivorIsAdopted(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode, nodes: 3, copies: 3);
        SimulatedNode primary = cluster.Primary();
        cluster.Do(primary, SimulatedOp.Put);
        cluster.RunFor(500);
        SimulatedNode survivor = cluster.Other();

        foreach (SimulatedNode node in cluster.Nodes.Where(n => n != survivor))
        {
            node.Crash();
        }

        Assert.NotEmpty(cluster.DoUntilOk(survivor, SimulatedOp.Get).Result);
        Assert.NotEqual(0, cluster.Cluster.Checkers.UnsafeRecoveries);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void Leave_FailsNoRequest_AndLosesNothing(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode, nodes: 3, copies: 2);
        SimulatedNode leaver = cluster.Primary();
        SimulatedNode caller = cluster.Other();
        ClientOp first = cluster.Do(caller, SimulatedOp.Put, key: 1);
        leaver.Node!.Leave();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ClientOpEnd.Ok, cluster.Do(caller, SimulatedOp.Put, key: 2).End);
            cluster.RunFor(20);
        }

        cluster.RunUntil(() => leaver.Node is null, "gone", 10_000);
        Assert.Equal(first.Operation[6..14], cluster.Do(caller, SimulatedOp.Get, key: 1).Result);
        Assert.Equal(0, cluster.Cluster.Checkers.UnsafeRecoveries);
        Assert.Null(cluster.Finish());
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void RollingRestart_LosesNothing(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode, nodes: 4, copies: 2, partitions: 2);
        ClientOp write = cluster.Do(cluster.Nodes[0], SimulatedOp.Put);
        foreach (SimulatedNode node in cluster.Nodes)
        {
            node.Node!.Leave();
            cluster.RunUntil(() => node.Node is null, "gone", 20_000);
            node.Start();
            cluster.RunUntil(cluster.IsWhole, "whole", 20_000);
        }

        Assert.Equal(write.Operation[6..14], cluster.DoUntilOk(cluster.Nodes[0], SimulatedOp.Get).Result);
        Assert.Equal(0, cluster.Cluster.Checkers.UnsafeRecoveries);
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void NewNode_ReceivesItsShare_WhileWritesGoOn()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync, nodes: 4, copies: 2, partitions: 8);
        SimulatedNode late = cluster.Nodes[3];
        late.Crash();
        cluster.RunUntil(cluster.IsWhole, "whole without it", 20_000);
        late.Start();
        for (int i = 0; i < 400; i++)
        {
            cluster.Begin(cluster.Nodes[i % 3], SimulatedOp.Enqueue, key: i % 12, partition: i % 8);
            cluster.RunFor(20);
        }

        cluster.RunUntil(cluster.IsWhole, "whole with it", 20_000);
        cluster.RunFor(5_000);
        Assert.Contains(cluster.Cluster.Store.State.Map!.Placements, p => p.Voters.Contains(late.Id));
        Assert.Equal(0, cluster.Cluster.Checkers.UnsafeRecoveries);
        Assert.Null(cluster.Finish());
    }
}
