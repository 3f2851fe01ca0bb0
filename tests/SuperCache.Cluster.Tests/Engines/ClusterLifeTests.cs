using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Replication;
using SuperCache.Replication.Forwarder;
using SuperCache.Replication.Operations;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Engines that join, leave, crash, catch up and lose the backplane.</summary>
public class ClusterLifeTests
{
    [Fact]
    public async Task Call_IsRefused_BeforeTheJoinAndAfterTheLeave()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        var binding = new ClusterBinding(cluster.Hub.Connect()) { ClusterName = "test" };
        await using var engine = new SuperCacheEngine(cluster.CreateOptions(), "late", null, binding);

        Assert.False(engine.IsStarted);
        Assert.True(engine.IsDistributed);
        Assert.Throws<CacheNotStartedException>(() => engine.Put(("a", 1)));
        Assert.Throws<CacheNotStartedException>(() => engine.GetByKey("a"));
        Assert.IsType<CacheNotStartedException>(engine.Safe.GetByMatch(("a", Match.Any)).Error);
        await Assert.ThrowsAsync<CacheNotStartedException>(async () => await engine.DeleteAllAsync());

        await engine.JoinAsync();
        Assert.True(engine.IsStarted);
        engine.Put(("a", 1));

        await engine.LeaveAsync();
        Assert.False(engine.IsStarted);
        Assert.Throws<CacheNotStartedException>(() => engine.GetByKey("a"));
        Assert.Single(cluster[0].GetByKey("a"));
        await engine.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => engine.GetByKey("a"));
    }

    [Fact]
    public async Task Request_Ends_WhenTheEngineWasDisposedUnderItsCaller()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync);
        SuperCacheEngine engine = cluster[0];
        await cluster.CrashAsync(engine);
        byte[] clear = OperationWriter.Plain(OperationCode.Clear, TableId.Records);
        ValueTask<RequestOutcome>[] asked = engine.Seat!.Driver.RequestAll(
            [.. Enumerable.Range(0, 8).Select(p => new ClientRequest(
                new PartitionId(p), IsWrite: true, ReadMode.Primary, ConflictKey: 0, clear))],
            default);
        Task<RequestOutcome[]> ended = Task.WhenAll(asked.Select(a => a.AsTask()));
        Assert.Equal(8, (await ended.WaitAsync(TimeSpan.FromSeconds(30))).Length);
    }

    [Fact]
    public async Task SafeCall_NeedsNoContext_OfItsCaller()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync);
        var context = new CountingContext();
        await Task.Run(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            for (int i = 0; i < 20; i++)
            {
                Assert.True(cluster[0].Safe.PutAsync((i, 1)).AsTask().Wait(TimeSpan.FromSeconds(20)));
            }
        });
        Assert.Equal(0, context.Posts);
    }

    [Fact]
    public async Task Dispose_ClosesTheLink_WithoutBeingAwaited()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2);
        Assert.True(cluster.Links[1].IsOpen);
        cluster[1].Dispose();
        Assert.False(cluster.Links[1].IsOpen);
    }

    [Fact]
    public async Task DisposedEngine_HoldsNoCopy_ThoughItIsHeldItself()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2);
        SuperCacheEngine engine = cluster[1];
        List<WeakReference> copies = await FillAsync(engine);
        await engine.DisposeAsync();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, copies.Count(c => c.IsAlive));
        GC.KeepAlive(engine);
    }

    [Fact]
    public async Task EntriesThatWereReadAndReplaced_AreNotKept()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, clock: clock);
        var sliding = new CacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(24) };
        for (int i = 0; i < 5_000; i++)
        {
            await cluster.DriveAsync(cluster[0].PutAsync(("session", i), sliding).AsTask());
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(cluster[0].TryGet("session", out (string, int) _));
        }

        await cluster.RunAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(cluster[0].Seat!.Driver.WaitingReads, 1, 2_048);
    }

    [Fact]
    public async Task DeleteByMatch_DeletesMoreKeys_ThanOneMessageCouldName()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1, o => (o.PartitionCount, o.ReplicationMode) = (1, ReplicationMode.Sync));
        string tail = new('x', 50_000);
        for (int i = 0; i < 400; i++)
        {
            cluster[0].Put((i + tail, i));
        }

        Assert.Equal(400, await cluster[0].DeleteByMatchAsync((Match.Any, Match.Any)));
        Assert.Equal(0, cluster[0].GetStatistics().TotalCount);
    }

    [Fact]
    public async Task Join_Fails_WithBothValues_WhenConfigurationDiffers()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        SuperCacheOptions options = cluster.CreateOptions();
        (options.PartitionCount, options.TableKind) = (9, TableKind.Bag);
        var binding = new ClusterBinding(cluster.Hub.Connect()) { ClusterName = "test" };

        var error = await Assert.ThrowsAsync<ClusterConfigurationException>(
            async () => await SuperCacheEngine.StartInClusterAsync(options, binding));

        Assert.Contains("PartitionCount is 9 here and 8 in the cluster", error.Message, StringComparison.Ordinal);
        Assert.Contains("TableKind is Bag here and Set in the cluster", error.Message, StringComparison.Ordinal);
        cluster[0].Put(("a", 1));
        Assert.Single(cluster[0].GetByKey("a"));
    }

    [Fact]
    public async Task Join_Fails_WhenTheStoreDoesNotAnswer()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        MemoryLink link = cluster.Hub.Connect();
        link.IsCut = true;
        var binding = new ClusterBinding(link) { JoinPatience = TimeSpan.FromMilliseconds(200) };

        await Assert.ThrowsAsync<BackplaneUnavailableException>(
            async () => await SuperCacheEngine.StartInClusterAsync(cluster.CreateOptions(), binding));
    }

    [Fact]
    public async Task DirectWrite_IsMadeAtThePrimary_AndRefusedElsewhere()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3);
        int partition = cluster[0].Partitions.IndexOf("a");
        SuperCacheEngine primary = cluster.PrimaryOf(partition);

        primary.Partitions[partition].Put(("a", 1));
        foreach (SuperCacheEngine other in cluster.Engines.Where(e => e != primary))
        {
            Assert.Throws<NotPrimaryException>(() => other.Partitions[partition].Put(("a", 2)));
            Assert.Throws<NotPrimaryException>(() => other.Partitions[partition].Delete("a"));
        }

        await cluster.WhenEqualAsync();
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            Assert.Equal([("a", 1)], engine.Partitions[partition].Get("a"));
            Assert.Equal(1, engine.Partitions[partition].Count);
        }

        Assert.True(primary.Partitions[partition].Delete("a"));
    }

    [Fact]
    public async Task Statistics_TellOfEveryNode_AndCountRecordsOnce()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3);
        cluster[1].PutBatch(Enumerable.Range(0, 1_000).Select(i => (i, "v")));
        await cluster.WhenEqualAsync();

        ClusterStatistics statistics = await cluster[2].GetClusterStatisticsAsync();

        Assert.Equal(["node-0", "node-1", "node-2"], statistics.Nodes.Select(n => n.Node));
        Assert.Equal((1_000, 8, 2), (statistics.TotalRecords, statistics.PartitionCount, statistics.ReplicationFactor));
        Assert.Equal(8, statistics.Nodes.Sum(n => n.PrimaryPartitions));
        Assert.Equal(8, statistics.Nodes.Sum(n => n.ReplicaPartitions));
        Assert.Equal(2_000, statistics.Nodes.Sum(n => n.RecordCount));
        Assert.Empty(statistics.UnreachableNodes);
        Assert.All(statistics.Nodes, n => Assert.Equal(0, n.Lag));

        cluster.Links[0].IsCut = true;
        statistics = await cluster[2].GetClusterStatisticsAsync();
        Assert.Equal(["node-0"], statistics.UnreachableNodes);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task Leave_FailsNoRequest_AndLosesNothing(ReplicationMode mode)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3, o => o.ReplicationMode = mode);
        SuperCacheEngine leaving = cluster[0];
        SuperCacheEngine[] staying = [cluster[1], cluster[2]];
        using var stop = new CancellationTokenSource();
        Task<int>[] load = [.. staying.Select((engine, id) => WriteAsync(engine, id, stop.Token))];

        await cluster.StopAsync(leaving);
        await stop.CancelAsync();
        int[] written = await Task.WhenAll(load);

        await cluster.WhenWholeAsync();
        for (int id = 0; id < written.Length; id++)
        {
            for (int i = 0; i < written[id]; i++)
            {
                Assert.Single(staying[1 - id].GetByKey((id, i), ReadMode.Primary));
            }
        }
    }

    [Theory]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task AcknowledgedWrites_Survive_WhenANodeCrashes(ReplicationMode mode)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3, o => o.ReplicationMode = mode);
        for (int i = 0; i < 200; i++)
        {
            await cluster[i % 3].PutAsync((i, "v" + i));
        }

        await cluster.CrashAsync(cluster[0]);
        await cluster.WhenWholeAsync();

        for (int i = 0; i < 200; i++)
        {
            Assert.Equal([(i, "v" + i)], cluster[i % 2].GetByKey(i));
        }
    }

    [Fact]
    public async Task LocalReads_GoOn_AndEverythingElseFailsFast_WhenTheBackplaneIsGone()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync);
        for (int i = 0; i < 50; i++)
        {
            await cluster[0].PutAsync((i, i));
        }

        await cluster.WhenEqualAsync();
        cluster.Hub.IsDown = true;
        await cluster.ReachAsync(cluster[0], node => !node.IsConnected);

        for (int i = 0; i < 50; i++)
        {
            Assert.True(cluster[0].TryGet(i, out (int, int) record));
            Assert.Equal((i, i), record);
        }

        Assert.Throws<BackplaneUnavailableException>(() => cluster[0].Put((1, 2)));
        Assert.Throws<BackplaneUnavailableException>(() => cluster[0].GetByKey(1, ReadMode.Quorum));

        cluster.Hub.IsDown = false;
        await cluster.WhenWholeAsync();
        cluster[0].Put((1, 2));
        Assert.Equal([(1, 2)], cluster[1].GetByKey(1, ReadMode.Primary));
    }

    [Fact]
    public async Task NewNode_CatchesUpBySnapshot_WhileWritesGoOn_InBoundedMemory()
    {
        const int Records = 60_000;
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 1, o => o.PartitionCount = 1, limits: new() { LogOps = 4_096, LogBytes = 4 << 20 });
        for (int i = 0; i < Records; i += 5_000)
        {
            await cluster[0].PutBatchAsync(Enumerable.Range(i, 5_000).Select(k => (k, "value " + k)));
        }

        SuperCacheEngine late = await cluster.AddAsync();
        using var stop = new CancellationTokenSource();
        Task<int> load = WriteAsync(late, 1, stop.Token);
        await cluster.WhenWholeAsync();
        long most = EngineCluster.LookAt(cluster[0], n => n.Replicas[0].Copy!.Log.Count);
        await stop.CancelAsync();
        int written = await load;

        await cluster.WhenEqualAsync();
        Assert.Single(cluster.HashesOf(0).Distinct());
        Assert.Equal(2, cluster.HashesOf(0).Length);
        Assert.Equal(Records + written, late.GetStatistics().TotalCount);
        Assert.InRange(most, 0, 4 * 4_096);
        Assert.Equal([(7, "value 7")], late.GetByKey(7));
    }

    [Fact]
    public async Task LogsOfANode_StayWithinTheirCommonBound_WhileNobodyConfirms()
    {
        const int Bound = 1 << 20;
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.PartitionCount = 8, clock, new() { NodeLogBytes = Bound });
        SuperCacheEngine engine = cluster[0];
        int[] led = [.. Enumerable.Range(0, 2_000).Where(key =>
            cluster.PrimaryOf(engine.Partitions.IndexOf(key)) == engine)];
        string value = new('x', 10_000);
        cluster.Hub.IsDown = true;
        foreach (int key in led)
        {
            engine.Put((key, value));
        }

        Assert.InRange(LogBytes(), 4 * Bound, long.MaxValue);
        await cluster.RunAsync(TimeSpan.FromMilliseconds(50));

        Assert.InRange(LogBytes(), Bound / 4, Bound);
        cluster.Hub.IsDown = false;
        await cluster.WhenWholeAsync();
        await cluster.WhenEqualAsync();
        Assert.All(led, key => Assert.Single(cluster[1].GetByKey(key)));

        long LogBytes() => EngineCluster.LookAt(engine, n => n.Replicas.Sum(r => r.Copy?.Log.Bytes ?? 0));
    }

    private static async Task<int> WriteAsync(SuperCacheEngine engine, int id, CancellationToken stop)
    {
        int written = 0;
        while (!stop.IsCancellationRequested)
        {
            await engine.PutAsync(((id, written), "x"), cancellationToken: CancellationToken.None);
            written++;
            if (written % 50 == 0)
            {
                await Task.Yield();
            }
        }

        return written;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> FillAsync(SuperCacheEngine engine)
    {
        var sliding = new CacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) };
        for (int i = 0; i < 100; i++)
        {
            await engine.PutAsync(("key", i, new string('x', 100)), sliding);
            await engine.PutAsync((i, new string('x', 100)), sliding);
            engine.TryGet(i, out (int, string) _);
        }

        return engine.Seat!.Driver.Look(node => node.Replicas
            .Where(replica => replica.Copy is not null)
            .Select(replica => new WeakReference(((TablesState)replica.Copy!.State).Partition))
            .ToList());
    }

    private sealed class CountingContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posts++;
            base.Post(d, state);
        }
    }

    [Fact]
    public async Task Join_ClosesItsLink_WhenTheCacheIsDisposedMeanwhile()
    {
        var link = new SlowLink();
        var engine = new SuperCacheEngine(
            new SuperCacheOptions { Mode = CacheMode.Distributed }, "test", null, new ClusterBinding(link));
        Task joining = engine.JoinAsync().AsTask();
        await engine.DisposeAsync();

        link.Opening.SetResult();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => joining);
        Assert.False(link.IsOpen);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.JoinAsync().AsTask());
    }

    /// <summary>Opens when the test says so.</summary>
    private sealed class SlowLink : IClusterLink
    {
        public TaskCompletionSource Opening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsOpen { get; private set; }

        public async ValueTask OpenAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken)
        {
            await Opening.Task;
            IsOpen = true;
        }

        public void Send(NodeId destination, ReadOnlySpan<byte> frame)
        {
        }

        public void Broadcast(ReadOnlySpan<byte> frame)
        {
        }

        public void Begin(long callId, StoreRequest request)
        {
        }

        public ValueTask DisposeAsync()
        {
            IsOpen = false;
            return default;
        }
    }
}
