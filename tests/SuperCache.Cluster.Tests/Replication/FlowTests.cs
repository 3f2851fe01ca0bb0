using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Replication.Primary;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>Flow control: what is on its way, waits or is taken at all has bounds.</summary>
public class FlowTests
{
    private static readonly NodeId Peer = new(9);

    [Fact]
    public void Window_CountsWhatIsNotAcknowledged_OfAllPartitionsTogether()
    {
        var windows = new SendWindows();
        var first = new FollowerProgress { Node = Peer, Windows = windows };
        var second = new FollowerProgress { Node = Peer, Windows = windows };
        first.OnSent(new Sequence(5), 100);
        first.OnSent(new Sequence(9), 50);
        second.OnSent(new Sequence(2), 30);
        Assert.Equal(180, windows[Peer]);

        first.OnAck(new Sequence(5), round: 0, isComplete: true, firstDelay: 60);
        Assert.Equal(80, windows[Peer]);

        first.Rewind(new Sequence(5));
        second.Release();
        Assert.Equal(0, windows[Peer]);
    }

    /// <summary>A follower whose host is overloaded asks for nothing; writes go on with the others, and it comes level
    /// when it has time again.</summary>
    [Fact]
    public void FollowerWithoutCredit_DelaysNobody_AndCatchesUp()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode busy = cluster.Other();
        busy.Node!.ReceiveBacklog = long.MaxValue;
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(ClientOpEnd.Ok, cluster.Do(cluster.Primary(), SimulatedOp.Put, key: i % 9).End);
        }

        busy.Node!.ReceiveBacklog = 0;
        Assert.Null(cluster.Finish());
    }

    /// <summary>Frames are dropped whenever the queue is full, all the time and at every node.</summary>
    [Fact]
    public void DroppedFrames_AreGaps_AndNothingIsLost()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        cluster.Cluster.Network.DropRate = 0.3;
        for (int i = 0; i < 300; i++)
        {
            cluster.Begin(cluster.Nodes[i % 3], SimulatedOp.Enqueue, key: i % 5);
            cluster.RunFor(5);
        }

        cluster.RunFor(2_000);
        cluster.Cluster.Network.DropRate = 0;
        Assert.Null(cluster.Finish());
    }

    [Fact]
    public void Write_IsRefused_WhenItIsLargerThanAMessageCarries_AndOneOfTheLargestSizeTravels()
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync);
        SimulatedNode primary = cluster.Primary();
        int most = cluster.Cluster.ClusterOptions.Limits.OpBytes;

        Assert.Equal(ClientOpEnd.Refused, cluster.DoBlob(cluster.Other(), most + 1).End);
        Assert.Equal(ClientOpEnd.Refused, cluster.DoBlob(cluster.Other(), most).End);
        Assert.Equal(ClientOpEnd.Ok, cluster.DoBlob(cluster.Other(), most - 1_000).End);
        Assert.Equal(ClientOpEnd.Ok, cluster.DoBlob(primary, most - 1_000).End);

        Assert.Null(cluster.Finish());
    }

    /// <summary>One bucket may be larger than a message: its parts are joined, also when some are lost.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Snapshot_Arrives_WhenItsBucketsAreLargerThanABatch(double dropRate)
    {
        var cluster = new ScriptedCluster(ReplicationMode.Sync, limits: l => l with
        {
            BatchBytes = 200,
            MinBuckets = 1,
            ChunkEntries = 10_000,
            OpBytes = 4_000,
            MessageBytes = 4_200,
        });
        SimulatedNode late = cluster.Other();
        late.Crash();
        for (int i = 0; i < 200; i++)
        {
            cluster.Do(cluster.Primary(), SimulatedOp.Enqueue, key: i % 40);
        }

        cluster.Cluster.Network.DropRate = dropRate;
        late.Start();
        cluster.RunFor(3_000);
        cluster.Cluster.Network.DropRate = 0;

        Assert.Null(cluster.Finish());
        Assert.Equal(cluster.Primary().Node!.Replicas[0].Copy!.State.Count, late.Node!.Replicas[0].Copy!.State.Count);
    }
}
