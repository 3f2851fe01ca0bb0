using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Expiration, sliding and eviction: decided by the primary, the same on every node.</summary>
public class LifetimeTests
{
    public static TheoryData<ReplicationMode, TableKind> All => new MatrixTheoryData<ReplicationMode, TableKind>(
        [ReplicationMode.Async, ReplicationMode.Sync, ReplicationMode.Strong],
        [TableKind.Set, TableKind.OrderedSet, TableKind.Bag, TableKind.DuplicateBag]);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Entry_IsGoneEverywhere_FromItsDeadlineOn(ReplicationMode mode, TableKind kind)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 3, o => (o.ReplicationMode, o.TableKind) = (mode, kind), clock);
        var life = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5) };
        for (int i = 0; i < 30; i++)
        {
            await cluster.DriveAsync(cluster[i % 3].PutAsync(("k" + i, i), life).AsTask());
            await cluster.DriveAsync(cluster[i % 3].PutAsync(("stays" + i, i)).AsTask());
        }

        await cluster.RunAsync(TimeSpan.FromSeconds(1));
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            Assert.Equal(1, await CountAsync(cluster, engine, "k7"));
        }

        await cluster.RunAsync(TimeSpan.FromSeconds(4.5));
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            for (int i = 0; i < 30; i++)
            {
                Assert.Equal(0, await CountAsync(cluster, engine, "k" + i));
                Assert.Equal(1, await CountAsync(cluster, engine, "stays" + i));
            }
        }

        await AssertEqualAsync(cluster, records: 30);
        Assert.Equal(30, cluster.Engines.Sum(e => e.GetStatistics().Expirations));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task SlidingEntry_LivesOnEverywhere_WhileAnyNodeReadsIt(ReplicationMode mode, TableKind kind)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 3, o => (o.ReplicationMode, o.TableKind) = (mode, kind), clock);
        var sliding = new CacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(4),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(20),
        };
        await cluster.DriveAsync(cluster[0].PutAsync(("read", 1), sliding).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("unread", 1), sliding).AsTask());
        await cluster.RunAsync(TimeSpan.FromSeconds(1));
        int partition = cluster[0].Partitions.IndexOf("read");
        SuperCacheEngine[] readers =
            [cluster.PrimaryOf(partition), cluster.ReplicaOf(partition), cluster.OutsiderOf(partition)];
        for (int i = 0; i < 6; i++)
        {
            await cluster.RunAsync(TimeSpan.FromSeconds(2.5));
            Assert.Equal(1, await CountAsync(cluster, readers[i % 3], "read"));
        }

        foreach (SuperCacheEngine engine in readers)
        {
            Assert.Equal(1, await CountAsync(cluster, engine, "read"));
            Assert.Equal(0, await CountAsync(cluster, engine, "unread"));
        }

        // 16 s have passed; however often it is read, the absolute end comes.
        await cluster.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await CountAsync(cluster, readers[1], "read"));
        await cluster.RunAsync(TimeSpan.FromSeconds(3));
        foreach (SuperCacheEngine engine in readers)
        {
            Assert.Equal(0, await CountAsync(cluster, engine, "read"));
        }

        await AssertEqualAsync(cluster, records: 0);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task Eviction_KeepsEachNodeWithinItsLimit_AndCopiesEqual(ReplicationMode mode)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 3, o => (o.ReplicationMode, o.SizeLimit) = (mode, 100));
        for (int i = 0; i < 1_500; i++)
        {
            await cluster[i % 3].PutAsync(("k" + i, i), new CacheEntryOptions { Size = 1 + (i % 3) });
        }

        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            await cluster.ReachAsync(engine, _ => engine.Seat!.States.Budget!.Total <= 100);
        }

        await cluster.WhenEqualAsync();
        for (int p = 0; p < 8; p++)
        {
            Assert.Single(cluster.HashesOf(p).Distinct());
        }

        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            CacheStatistics statistics = engine.GetStatistics();
            Assert.InRange(statistics.EstimatedSize, 50, 100);
            Assert.True(statistics.Evictions > 100);
            Assert.True(statistics.TotalCount <= 300);
        }
    }

    [Theory]
    [InlineData(TableKind.Bag, ReplicationMode.Async)]
    [InlineData(TableKind.Bag, ReplicationMode.Sync)]
    [InlineData(TableKind.Bag, ReplicationMode.Strong)]
    [InlineData(TableKind.DuplicateBag, ReplicationMode.Async)]
    public async Task EntriesOfOneKey_LeaveAlone_WhenOnlyTheyAreDue(TableKind kind, ReplicationMode mode)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => (o.TableKind, o.ReplicationMode) = (kind, mode), clock);
        var life = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2) };
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 1), life).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 2), life).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 3)).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 4)).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 5)).AsTask());
        await cluster.RunAsync(TimeSpan.FromSeconds(5));
        IReadOnlyList<ITuple> left = await cluster.DriveAsync(cluster[0].GetByKeyAsync("k").AsTask());
        Assert.Equal([3, 4, 5], left.Select(r => (int)r[1]!).Order());
    }

    [Fact]
    public async Task EntriesOfOneKey_AreEvicted_NoMoreThanNeeded()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1, o => (o.TableKind, o.SizeLimit, o.PartitionCount) = (TableKind.Bag, 100, 1), clock);
        await cluster.DriveAsync(cluster[0].PutBatchAsync(Enumerable.Range(0, 120).Select(i => ("k", i))).AsTask());
        await cluster.RunAsync(TimeSpan.FromSeconds(5));
        Assert.InRange(cluster[0].Partitions[0].Count, 90, 100);
    }

    [Fact]
    public async Task EntryThatIsNeverEvicted_Stays_WhenOthersOfItsKeyLeave()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1, o => (o.TableKind, o.SizeLimit, o.PartitionCount) = (TableKind.Bag, 10, 1), clock);
        var never = new CacheEntryOptions { Priority = CacheEntryPriority.NeverEvict };
        await cluster.DriveAsync(cluster[0].PutBatchAsync(Enumerable.Range(0, 8).Select(i => ("k", i))).AsTask());
        await cluster.DriveAsync(cluster[0].PutBatchAsync(
            Enumerable.Range(100, 6).Select(i => ("k", i)), never).AsTask());
        await cluster.RunAsync(TimeSpan.FromSeconds(5));
        IReadOnlyList<ITuple> left = await cluster.DriveAsync(cluster[0].GetByKeyAsync("k").AsTask());
        Assert.Equal(6, left.Count(r => (int)r[1]! >= 100));
        Assert.InRange(left.Count, 9, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeleteByMatch_ProlongsNothing_WhenItDeletesNothing(bool distributed)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var sliding = new CacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(4) };
        if (!distributed)
        {
            await using SuperCacheEngine local = await SuperCacheEngine.StartAsync(
                new SuperCacheOptions { TimeProvider = clock });
            local.Put(("k", 1), sliding);
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(0, local.DeleteByMatch(("k", 2)));
            clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Empty(local.GetByKey("k"));
            return;
        }

        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, clock: clock);
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 1), sliding).AsTask());
        await cluster.RunAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(0, await cluster.DriveAsync(cluster[0].DeleteByMatchAsync(("k", 2)).AsTask()));
        await cluster.RunAsync(TimeSpan.FromSeconds(3));
        Assert.Empty(await cluster.DriveAsync(cluster[0].GetByKeyAsync("k").AsTask()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryGetOfABag_ProlongsWhatItReturns_AndNoOther(bool distributed)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var sliding = new CacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(4) };
        if (!distributed)
        {
            await using SuperCacheEngine local = await SuperCacheEngine.StartAsync(
                new SuperCacheOptions { TimeProvider = clock, TableKind = TableKind.DuplicateBag });
            local.Put(("k", 1), sliding);
            local.Put(("k", 2), sliding);
            for (int i = 0; i < 8; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                Assert.True(local.TryGet("k", out (string, int) _));
            }

            Assert.Equal([1], local.GetByKey("k").Select(r => (int)r[1]!));
            return;
        }

        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1, o => o.TableKind = TableKind.DuplicateBag, clock);
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 1), sliding).AsTask());
        await cluster.DriveAsync(cluster[0].PutAsync(("k", 2), sliding).AsTask());
        for (int i = 0; i < 8; i++)
        {
            await cluster.RunAsync(TimeSpan.FromSeconds(1));
            Assert.True((await cluster.DriveAsync(cluster[0].TryGetAsync<string, (string, int)>("k").AsTask())).Found);
        }

        IReadOnlyList<ITuple> left = await cluster.DriveAsync(cluster[0].GetByKeyAsync("k").AsTask());
        Assert.Equal([1], left.Select(r => (int)r[1]!));
    }

    private static async Task<int> CountAsync(EngineCluster cluster, SuperCacheEngine engine, string key) =>
        (await cluster.DriveAsync(engine.GetByKeyAsync(key).AsTask())).Count;

    private static async Task AssertEqualAsync(EngineCluster cluster, long records)
    {
        await cluster.WhenEqualAsync();
        for (int p = 0; p < 8; p++)
        {
            Assert.Single(cluster.HashesOf(p).Distinct());
        }

        ClusterStatistics statistics = await cluster.DriveAsync(cluster[0].GetClusterStatisticsAsync().AsTask());
        Assert.Equal(records, statistics.TotalRecords);
    }

    /// <summary>The first attempts are lost; what is sent at last has less of its life left.</summary>
    [Fact]
    public async Task Put_EndsAtItsAbsoluteExpiration_HoweverOftenItIsSent()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync, clock);
        (SuperCacheEngine engine, SuperCacheEngine other) = (cluster[0], cluster[1]);
        int[] keys = [.. Enumerable.Range(0, 1_000).Where(
            k => cluster.PrimaryOf(engine.Partitions.IndexOf(k)) == other).Take(2)];
        DateTimeOffset end = clock.GetUtcNow().AddMilliseconds(500);

        cluster.Links[0].IsCut = true;
        Task ended = engine.PutAsync(
            (keys[0], 1), new CacheEntryOptions { AbsoluteExpiration = end, Size = 3 }).AsTask();
        Task lasting = engine.PutAsync(
            (keys[1], 1), new CacheEntryOptions { AbsoluteExpiration = end.AddHours(1), Size = 3 }).AsTask();
        await cluster.RunAsync(TimeSpan.FromMilliseconds(1_500));
        cluster.Links[0].IsCut = false;
        await cluster.DriveAsync(Task.WhenAll(ended, lasting));

        Assert.True(clock.GetUtcNow() > end);
        Assert.Empty(await cluster.DriveAsync(other.GetByKeyAsync(keys[0], ReadMode.Primary).AsTask()));
        Assert.Single(await cluster.DriveAsync(other.GetByKeyAsync(keys[1], ReadMode.Primary).AsTask()));
    }
}
