using Microsoft.Extensions.Time.Testing;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Lazily put records on their way to their primaries, when nodes leave and callers lose patience.</summary>
public class LazyPutTests
{
    /// <summary>A life that is relative to the put differs in what is left of it from record to record.</summary>
    [Fact]
    public async Task LazyPuts_OfOneRelativeLife_TravelTogether()
    {
        const int Records = 4_000;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, o => o.PartitionCount = 1);
        var life = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        for (int i = 0; i < Records; i++)
        {
            cluster[0].LazyPut((i, i), life);
        }

        await cluster[0].FlushAsync();
        Assert.Equal(Records, cluster[0].GetStatistics().TotalCount);
        Assert.InRange(EngineCluster.LookAt(cluster[0], n => n.Replicas[0].Copy!.Last.Sequence.Value), 1, Records / 4);
    }

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

    /// <summary>What one node registers and another does not cannot be stored there.</summary>
    [Fact]
    public async Task LazyPuts_AreStored_WhenOneAmongThemIsRefused()
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            options.ReplicationMode = ReplicationMode.Sync;
            if (nodes++ == 0)
            {
                options.WireTypes.AddEnum<Colour>("colour");
            }
        });
        SuperCacheEngine engine = cluster[0];
        int partition = Enumerable.Range(0, 8).First(p => cluster.PrimaryOf(p) == cluster[1]);
        int[] keys = [.. Enumerable.Range(0, 10_000).Where(k => engine.Partitions.IndexOf(k) == partition).Take(101)];
        foreach ((int place, int key) in keys.Index())
        {
            if (place == 40)
            {
                engine.LazyPut((key, Colour.Red));
            }
            else
            {
                engine.LazyPut((key, place));
            }
        }

        await Assert.ThrowsAsync<UnsupportedValueException>(() => engine.FlushAsync().AsTask());
        Assert.Equal(100, keys.Count(k => engine.GetByKey(k).Count == 1));
        Assert.Equal(100, engine.GetStatistics().Puts);
    }

    [Fact]
    public async Task LazyPut_EndsAtItsAbsoluteExpiration_HoweverLongItWaited()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync, clock);
        (SuperCacheEngine engine, SuperCacheEngine other) = (cluster[0], cluster[1]);
        int key = Enumerable.Range(0, 1_000).First(k => cluster.PrimaryOf(engine.Partitions.IndexOf(k)) == other);
        DateTimeOffset end = clock.GetUtcNow().AddMilliseconds(500);

        // The first is under way while the second waits.
        cluster.Links[0].IsCut = true;
        engine.LazyPut((key, 0));
        await cluster.RunAsync(TimeSpan.FromMilliseconds(50));
        engine.LazyPut((key, 1), new CacheEntryOptions { AbsoluteExpiration = end });
        await cluster.RunAsync(TimeSpan.FromMilliseconds(1_750));
        cluster.Links[0].IsCut = false;
        await cluster.DriveAsync(engine.FlushAsync().AsTask());

        Assert.True(clock.GetUtcNow() > end);
        IReadOnlyList<System.Runtime.CompilerServices.ITuple> found =
            await cluster.DriveAsync(other.GetByKeyAsync(key, ReadMode.Primary).AsTask());
        Assert.Empty(found);
    }

    private enum Colour
    {
        Red,
    }
}
