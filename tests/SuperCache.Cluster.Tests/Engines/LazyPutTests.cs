using Microsoft.Extensions.Time.Testing;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Lazily put records on their way to their primaries, when nodes leave and callers lose patience.</summary>
public class LazyPutTests
{
    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    public async Task LazyPuts_ThatWereTaken_AreStored_WhenTheNodeLeavesMeanwhile(ReplicationMode mode)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, o => o.ReplicationMode = mode);
        (SuperCacheEngine leaving, SuperCacheEngine staying) = (cluster[0], cluster[1]);
        int accepted = 0;
        using var started = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    leaving.LazyPut((i, i));
                    accepted = i + 1;
                    started.Set();
                }
            }
            catch (SuperCacheException)
            {
                // It has left.
            }
        });
        writer.Start();
        started.Wait();
        await leaving.HandOverAsync();
        await leaving.FlushAsync();
        await leaving.LeaveAsync();
        writer.Join();

        await cluster.ReachAsync(staying, node => node.Membership.Map!.View.Members.Length == 1
            && Enumerable.Range(0, 8).All(p => node.IsServing(new Identity.PartitionId(p))));
        Assert.Equal(accepted, Enumerable.Range(0, accepted).Count(i => staying.TryGet(i, out (int, int) _)));
    }

    [Fact]
    public async Task FlushAsync_ThrowsWhatStoringMet_AfterOneThatWasCancelled()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync, clock);
        SuperCacheEngine engine = cluster[0];
        int key = Enumerable.Range(0, 1_000).First(
            k => cluster.PrimaryOf(engine.Partitions.IndexOf(k)) != engine);
        cluster.Links[0].IsCut = true;
        engine.LazyPut((key, 1));
        using (var patience = new CancellationTokenSource())
        {
            Task flush = engine.FlushAsync(patience.Token).AsTask();
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        }

        await cluster.RunAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<SuperCacheException>(() => cluster.DriveAsync(engine.FlushAsync().AsTask()));
        await cluster.DriveAsync(engine.FlushAsync().AsTask());
    }
}
