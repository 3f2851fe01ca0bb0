using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using SuperCache.Caching;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Microsoft's distributed cache on the nodes of a cluster. Time stands still here, so that nothing but the
/// calls sends frames, and whatever waits for a lost one waits for ever.</summary>
public class DistributedCacheTests
{
    private const string Key = "session";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DistributedCacheEntryOptions Sliding = new()
    {
        SlidingExpiration = TimeSpan.FromMinutes(1),
    };

    [Fact]
    public async Task Statistics_AreTheSame_InBothModes()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        await using SuperCacheEngine local =
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 8 });
        List<(long Puts, long Deletes, long Hits, long Misses, long Records)> seen = [];
        foreach (SuperCacheEngine engine in new[] { local, cluster[0] })
        {
            engine.Put((1, 1));
            engine.Put((1, 2));
            engine.PutBatch(Enumerable.Range(10, 20).Select(i => (i, i)));
            engine.LazyPut((40, 1));
            await engine.FlushAsync();
            engine.Delete((1, 0));
            engine.DeleteByMatch((Match.Any, 15));
            engine.Get((1, 1));
            engine.GetByKey(12);
            engine.TryGet(13, out (int, int) _);
            engine.Partitions.For(99).Put((99, 9));
            engine.Partitions.For(99).Delete(99);
            engine.DeleteAll();
            CacheStatistics s = engine.GetStatistics();
            seen.Add((s.Puts, s.Deletes, s.Hits, s.Misses, s.TotalCount));
        }

        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public async Task Reads_RefuseAModeThatIsNone()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        const ReadMode None = (ReadMode)7;
        Action[] reads =
        [
            () => cluster[0].TryGet(1, out (int, int) _, None), () => cluster[0].GetByKey(1, None),
            () => cluster[0].Get((1, 1), None), () => cluster[0].GetByMatch((1, Match.Any), default, None),
        ];
        Assert.All(reads, read => Assert.Contains(
            "Quorum", Assert.Throws<ArgumentOutOfRangeException>(read).Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reads_OfACopyHere_WaitForNoNetwork()
    {
        await using EngineCluster cluster = await StartAsync(ReadMode.Local);
        SuperCacheEngine primary = PrimaryOf(cluster);
        new RecordDistributedCache(primary).Set(Key, [1, 2], Sliding);
        await cluster.WhenEqualAsync();
        var here = new RecordDistributedCache(cluster.ReplicaOf(primary.Partitions.IndexOf(Key)));

        cluster.Hub.IsDown = true;
        byte[]? found = await WithoutWaitingAsync(() => here.Get(Key));
        await WithoutWaitingAsync(() => here.Refresh(Key));

        Assert.Equal([1, 2], found);
        Assert.True(here.GetAsync(Key).IsCompletedSuccessfully);
        Assert.True(here.RefreshAsync(Key).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Writes_AtTheirPrimary_WaitForNoNetwork_WhenReplicationIsAsync()
    {
        await using EngineCluster cluster = await StartAsync(ReadMode.Local);
        var here = new RecordDistributedCache(PrimaryOf(cluster));

        cluster.Hub.IsDown = true;
        await WithoutWaitingAsync(() => here.Set(Key, [1], Sliding));
        byte[]? stored = await WithoutWaitingAsync(() => here.Get(Key));
        await WithoutWaitingAsync(() => here.Remove(Key));
        byte[]? removed = await WithoutWaitingAsync(() => here.Get(Key));

        Assert.Equal([1], stored);
        Assert.Null(removed);
    }

    [Theory]
    [InlineData(ReadMode.Local, false)]
    [InlineData(ReadMode.Primary, true)]
    [InlineData(ReadMode.Quorum, true)]
    public async Task Reads_AskOtherNodes_WhereTheCachesDefaultReadModeSaysSo(ReadMode mode, bool asksOthers)
    {
        await using EngineCluster cluster = await StartAsync(mode);
        SuperCacheEngine primary = PrimaryOf(cluster);
        new RecordDistributedCache(primary).Set(Key, [1, 2], Sliding);
        await cluster.WhenEqualAsync();
        await cluster.Hub.WhenQuietAsync();
        var here = new RecordDistributedCache(cluster.ReplicaOf(primary.Partitions.IndexOf(Key)));

        long frames = cluster.Hub.Frames;
        byte[]? found = await WithoutWaitingAsync(() => here.Get(Key));

        Assert.Equal([1, 2], found);
        Assert.Equal(asksOthers, cluster.Hub.Frames > frames);
    }

    [Fact]
    public async Task ManyReads_OfASlidingEntry_AreOneTouchForThePrimary()
    {
        await using EngineCluster cluster = await StartAsync(ReadMode.Local);
        SuperCacheEngine primary = PrimaryOf(cluster);
        new RecordDistributedCache(primary).Set(Key, [1, 2], Sliding);
        await cluster.WhenEqualAsync();
        var here = new RecordDistributedCache(cluster.ReplicaOf(primary.Partitions.IndexOf(Key)));
        long before = await FramesOfASecondAsync(cluster);

        for (int i = 0; i < 10_000; i++)
        {
            here.Refresh(Key);
        }

        long after = await FramesOfASecondAsync(cluster);
        Assert.InRange(after - before, 0, 10);
    }

    private static async Task<long> FramesOfASecondAsync(EngineCluster cluster)
    {
        long frames = cluster.Hub.Frames;
        await cluster.RunAsync(TimeSpan.FromSeconds(1));
        return cluster.Hub.Frames - frames;
    }

    private static Task<EngineCluster> StartAsync(ReadMode mode) => EngineCluster.StartAsync(
        nodes: 3,
        o => (o.ReplicationMode, o.DefaultReadMode) = (ReplicationMode.Async, mode),
        new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60)));

    private static SuperCacheEngine PrimaryOf(EngineCluster cluster) =>
        cluster.PrimaryOf(cluster[0].Partitions.IndexOf(Key));

    private static Task WithoutWaitingAsync(Action call) => Task.Run(call).WaitAsync(Patience);

    private static Task<T> WithoutWaitingAsync<T>(Func<T> call) => Task.Run(call).WaitAsync(Patience);
}
