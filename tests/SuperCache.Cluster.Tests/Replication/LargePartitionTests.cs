using System.Diagnostics;
using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.TestKit.Simulation;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>A large partition is received by snapshot while it is written to, in bounded memory. SUPERCACHE_RECORDS
/// sets its size; 50,000 by default.</summary>
public class LargePartitionTests
{
    private static readonly int Records =
        int.TryParse(Environment.GetEnvironmentVariable("SUPERCACHE_RECORDS"), out int records) ? records : 50_000;

    [Fact]
    public void LargeCopy_ArrivesWhileWritesGoOn_WithinAllLimits_AndEndsEqual()
    {
        var cluster = new LoopCluster();
        cluster.Fill(Records);
        ClusterNode primary = cluster.StartFirst();
        PartitionCopy source = primary.Replicas[0].Copy!;
        ClusterNode late = cluster.Start();
        long started = Stopwatch.GetTimestamp();
        long written = 0;
        var most = (LogOps: 0, LogBytes: 0L, Window: 0L, Queue: 0L, Frame: 0);
        while (late.Replicas[0].Copy is null || !primary.IsServing(new PartitionId(0)) || cluster.Voters < 2)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(10), "The copy never arrived.");
            for (int i = 0; i < 20; i++)
            {
                cluster.Write(primary, key: (int)(written++ * 7919 % Records));
            }

            cluster.Step();
            most = (
                Math.Max(most.LogOps, source.Log.Count),
                Math.Max(most.LogBytes, source.Log.Bytes),
                Math.Max(most.Window, cluster.BytesUnderWay),
                Math.Max(most.Queue, cluster.MostQueued),
                Math.Max(most.Frame, cluster.LargestFrame));
        }

        cluster.RunUntilLevel(primary, late);
        ClusterLimits limits = cluster.Options.Limits;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Records} records, {written} writes, {most}, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.InRange(most.LogOps, 1, limits.LogOps);
        Assert.InRange(most.LogBytes, 1, limits.LogBytes);
        Assert.InRange(most.Queue, 1, ReceiveQueue.MostBytes);
        Assert.InRange(most.Frame, 1, 2 * limits.BatchBytes);
        Assert.Equal(Records, late.Replicas[0].Copy!.State.Count);
        Assert.Equal(source.State.ContentHash(), late.Replicas[0].Copy!.State.ContentHash());
        Assert.True(written > 100);
    }
}
