using SuperCache.Replication;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>Copies that are behind come level, by ops or by a snapshot, while writes go on.</summary>
public class CatchUpTests
{
    private const int Entries = 2_000;

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public void NewCopy_IsReceivedByChunks_WhileWritesGoOn_AndEndsEqual(ReplicationMode mode)
    {
        var cluster = new ScriptedCluster(mode);
        SimulatedNode late = cluster.Other();
        late.Crash();
        Fill(cluster, from: 0, Entries);
        late.Start();
        ClusterLimits limits = cluster.Cluster.ClusterOptions.Limits;
        int most = 0;
        for (int i = 0; i < 300; i++)
        {
            Fill(cluster, from: i, count: 4);
            most = Math.Max(most, cluster.Nodes.Where(n =>
                n.Node is not null).Max(n => n.Node!.Replicas[0].Copy?.Log.Count ?? 0));
        }

        Assert.InRange(most, 1, 2 * limits.LogOps);
        Assert.Null(cluster.Finish());
        Assert.True(late.Node!.Replicas[0].Copy!.State.Count > 100);
    }

    [Fact]
    public void ReplicaThatWasAwayBriefly_CatchesUpByOps()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode replica = cluster.Other();
        PartitionCopy before = replica.Node!.Replicas[0].Copy!;
        cluster.Cluster.Network.Deaf.Add(replica.Slot);
        Fill(cluster, from: 0, count: 12);
        cluster.Cluster.Network.Deaf.Clear();

        Assert.Null(cluster.Finish());
        Assert.Same(before, replica.Node.Replicas[0].Copy);
    }

    private static void Fill(ScriptedCluster cluster, int from, int count)
    {
        SimulatedNode caller = cluster.Nodes.First(n => n.IsRunning);
        for (int i = 0; i < count; i++)
        {
            cluster.Begin(caller, SimulatedOp.Put, key: from + i);
            if (i % 16 == 15)
            {
                cluster.RunFor(5);
            }
        }

        cluster.RunFor(5);
    }
}
