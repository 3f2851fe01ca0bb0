using SuperCache.Identity;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>Requests: executed once, refused honestly, bounded.</summary>
public class RequestTests
{
    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void EveryMode_LosesNothing_WhenMessagesAreLostAndRepeated(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode);
        (cluster.Cluster.Network.DropRate, cluster.Cluster.Network.RepeatRate) = (0.2, 0.2);
        for (int i = 0; i < 200; i++)
        {
            cluster.Begin(cluster.Nodes[i % 3], (SimulatedOp)(1 + (i % 5)), key: i % 7);
            cluster.RunFor(10);
        }

        cluster.RunFor(2_000);
        (cluster.Cluster.Network.DropRate, cluster.Cluster.Network.RepeatRate) = (0, 0);
        Assert.True(cluster.Cluster.Clients.History.Count(o => o.End == ClientOpEnd.Ok) > 150);
        Assert.Equal(0, cluster.Cluster.Checkers.UnsafeRecoveries);
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void Dequeue_TakesAnItemOnce_WhenItsAnswerIsLost()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode primary = cluster.Primary();
        SimulatedNode caller = cluster.Other();
        cluster.Do(primary, SimulatedOp.Enqueue);
        ClientOp second = cluster.Do(primary, SimulatedOp.Enqueue);
        ClientOp dequeue = cluster.Begin(caller, SimulatedOp.Dequeue);
        cluster.Cluster.Network.Deaf.Add(caller.Slot);
        cluster.RunFor(200);
        Assert.Equal(ClientOpEnd.Open, dequeue.End);
        cluster.Cluster.Network.Deaf.Clear();

        cluster.RunUntil(() => dequeue.End == ClientOpEnd.Ok, "answered", 1_500);

        Assert.Equal(second.Operation[6..14], cluster.Do(primary, SimulatedOp.Get).Result);
        Assert.Null(cluster.Finish());
    }

    /// <summary>Seed 1510 in sync mode: a primary forgot what it had executed for a node that was declared dead, as if
    /// nobody could ask again; but a node that lives comes back with its id, and asks again.</summary>
    [Fact]
    public void Dequeue_TakesAnItemOnce_WhenItsNodeWasDeclaredDeadAndIsBack()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode primary = cluster.Primary();
        SimulatedNode caller = cluster.Other();
        cluster.Do(primary, SimulatedOp.Enqueue);
        ClientOp second = cluster.Do(primary, SimulatedOp.Enqueue);
        cluster.Cluster.Store.CutOff.Add(caller.Slot);
        cluster.RunFor(1_000);
        cluster.Cluster.Network.Deaf.Add(caller.Slot);
        ClientOp dequeue = cluster.Begin(caller, SimulatedOp.Dequeue);
        for (int i = 0; i < cluster.Cluster.ClusterOptions.Limits.RecentRequests + 50; i++)
        {
            cluster.Begin(primary, SimulatedOp.Put, key: 1);
            cluster.RunFor(1);
        }

        cluster.RunUntil(
            () => !cluster.Cluster.Store.State.Map!.View.Contains(caller.Id), "declared dead", 1_000);
        cluster.RunUntil(() => primary.Node!.IsServing(new PartitionId(0)), "serving again", 500);
        cluster.Cluster.Store.CutOff.Clear();
        cluster.Cluster.Network.Deaf.Clear();
        Assert.Equal(ClientOpEnd.Open, dequeue.End);
        cluster.RunUntil(() => dequeue.End != ClientOpEnd.Open, "answered", 1_500);

        Assert.Equal(ClientOpEnd.Indeterminate, dequeue.End);
        Assert.Equal(second.Operation[6..14], cluster.DoUntilOk(primary, SimulatedOp.Get).Result);
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void Write_IsRefusedAsBusy_WhenTooMuchIsUnderWay()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode primary = cluster.Primary();
        cluster.Cluster.Network.FarSide.Add(primary.Slot);
        List<ClientOp> writes = [.. Enumerable.Range(0, 100).Select(i =>
            cluster.Begin(primary, SimulatedOp.Put, key: i))];
        cluster.RunFor(2_500);

        Assert.Contains(writes, w => w.End == ClientOpEnd.Busy);
        Assert.Contains(writes, w => w.End == ClientOpEnd.Indeterminate);
        Assert.DoesNotContain(writes, w => w.End == ClientOpEnd.Ok);
        cluster.Cluster.Network.FarSide.Clear();
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void ConditionalWrites_OnOneKey_SeeEachOther_InStrongMode()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Strong);
        List<ClientOp> adds = [.. cluster.Nodes.Select(n => cluster.Begin(n, SimulatedOp.AddIfAbsent))];
        cluster.RunUntil(() => adds.All(a => a.End == ClientOpEnd.Ok), "answered", 2_000);

        Assert.Single(adds, a => a.Result.Length == 0);
        Assert.Null(cluster.Finish());
    }
}
