using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Calls that concern several partitions and succeed in some: what they say and count is true.</summary>
public class PartialCallTests
{
    private static readonly (int Key, int Value)[] Batch = [.. Enumerable.Range(0, 200).Select(i => (i, i))];

    [Fact]
    public async Task PutBatch_SaysAndCountsWhatWasStored_WhenOtherNodesCannotBeReached()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Async);
        SuperCacheEngine engine = cluster[0];
        await cluster.WhenEqualAsync();
        cluster.Links[0].IsCut = true;
        await cluster.ReachAsync(engine, n => !n.IsConnected);

        Exception error = Assert.Throws<BackplaneUnavailableException>(() => engine.PutBatch(Batch));

        long stored = engine.GetStatistics().TotalCount;
        Assert.InRange(stored, 1, Batch.Length - 1);
        Assert.DoesNotContain("Nothing was changed", error.Message, StringComparison.Ordinal);
        Assert.Contains("may have been changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(stored, engine.GetStatistics().Puts);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    public async Task PutBatch_SaysAndCountsWhatWasStored_WhenOneRecordIsTooLarge(ReplicationMode mode)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, o => o.ReplicationMode = mode);
        SuperCacheEngine engine = cluster[0];
        byte[] half = new byte[10 << 20];
        List<(int, byte[], byte[])> batch = [.. Enumerable.Range(0, 100).Select(i => (i, new byte[1], new byte[1]))];
        batch.Add((1_000, half, half));

        Exception error = Assert.Throws<UnsupportedValueException>(() => engine.PutBatch(batch));

        CacheStatistics statistics = engine.GetStatistics();
        Assert.True(
            statistics.TotalCount == 0 || !error.Message.Contains("Nothing was changed", StringComparison.Ordinal));
        Assert.Equal(statistics.TotalCount, statistics.Puts);
    }

    [Fact]
    public async Task DeleteByMatch_CountsWhatWasDeleted_WhenOtherPartitionsFail()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Async);
        SuperCacheEngine engine = cluster[0];
        engine.PutBatch(Batch);
        await cluster.WhenEqualAsync();
        cluster.Links[1].IsCut = true;
        long before = engine.GetStatistics().TotalCount;

        Exception error = Assert.ThrowsAny<SuperCacheException>(() => engine.DeleteByMatch((Match.Any, Match.Any)));

        CacheStatistics after = engine.GetStatistics();
        Assert.InRange(after.TotalCount, 1, before - 1);
        Assert.Equal(before - after.TotalCount, after.Deletes);
        Assert.DoesNotContain("Nothing was changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutBatch_SaysThatNothingWasChanged_WhenNothingWas()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync);
        SuperCacheEngine engine = cluster[0];
        cluster.Links[0].IsCut = true;
        await cluster.ReachAsync(engine, n => !n.IsConnected);

        Exception error = Assert.Throws<BackplaneUnavailableException>(() => engine.PutBatch(Batch));

        Assert.Contains("Nothing was changed", error.Message, StringComparison.Ordinal);
    }
}
