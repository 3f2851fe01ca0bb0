using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>Nodes that are slow, asleep or cut off: they may be late, but never wrong.</summary>
public class PauseTests
{
    [Theory]
    [InlineData(ReplicationMode.Async, false)]
    [InlineData(ReplicationMode.Sync, false)]
    [InlineData(ReplicationMode.Strong, false)]
    [InlineData(ReplicationMode.Sync, true)]
    public void PausedPrimary_ServesNothing_AfterOthersTookOver(ReplicationMode mode, bool isSuspend)
    {
        var cluster = new ScriptedCluster(mode);
        SimulatedNode zombie = cluster.Primary();
        zombie.Pause(isSuspend);
        ClientOp write = cluster.DoUntilOk(cluster.Other(), SimulatedOp.Put);

        zombie.Resume();
        ClientOp read = cluster.DoUntilOk(zombie, SimulatedOp.Get);

        Assert.Equal(write.Operation[6..14], read.Result);
        Assert.Null(cluster.Finish());
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void HungReplica_DelaysNobody(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode);
        cluster.Other().Pause(isSuspend: false);
        SimulatedNode primary = cluster.Primary();
        long before = cluster.Cluster.Events.Now;

        Assert.Equal(ClientOpEnd.Ok, cluster.Do(primary, SimulatedOp.Put).End);
        Assert.InRange(cluster.Cluster.Events.Now - before, 0, 50_000);

        cluster.Nodes.ForEach(n => n.Resume());
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void SyncWrite_IsNotAcknowledged_WithoutAMajority()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode primary = cluster.Primary();
        cluster.Cluster.Network.FarSide.Add(primary.Slot);

        ClientOp write = cluster.Do(primary, SimulatedOp.Put);

        Assert.Equal(ClientOpEnd.Indeterminate, write.End);
        cluster.Cluster.Network.FarSide.Clear();
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void StrongWrite_IsReadByNobody_BeforeAMajorityHasIt()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Strong);
        SimulatedNode primary = cluster.Primary();
        cluster.Cluster.Network.FarSide.Add(primary.Slot);
        ClientOp write = cluster.Begin(primary, SimulatedOp.Put);
        cluster.RunFor(100);

        Assert.Equal(ClientOpEnd.Open, write.End);
        Assert.Empty(cluster.Do(primary, SimulatedOp.Get).Result);
        Assert.Empty(cluster.Do(primary, SimulatedOp.Get, mode: ReadMode.Local).Result);

        cluster.Cluster.Network.FarSide.Clear();
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void DeafNode_GivesItsPartitionsUp()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode deaf = cluster.Primary();
        cluster.Cluster.Network.Deaf.Add(deaf.Slot);
        cluster.RunUntil(() =>
            cluster.Nodes.Any(n => n != deaf && n.Node!.IsServing(new Identity.PartitionId(0))), "taken over", 10_000);

        Assert.False(deaf.Node!.IsServing(new Identity.PartitionId(0)));
        cluster.Cluster.Network.Deaf.Clear();
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void DeclaredDeadNode_ComesBackWithItsId_AndCatchesUp()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode zombie = cluster.Primary();
        Identity.NodeId id = zombie.Id;
        zombie.Pause(isSuspend: false);
        cluster.DoUntilOk(cluster.Other(), SimulatedOp.Put);
        zombie.Resume();

        Assert.Null(cluster.Finish());
        Assert.Equal(id, zombie.Id);
        Assert.NotNull(zombie.Node!.Replicas[0].Copy);
    }
}
