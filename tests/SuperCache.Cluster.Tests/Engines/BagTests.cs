using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Bags hold the same records in the same places on every node.</summary>
public class BagTests
{

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copies_AreEqual_WhenARecordIsPutTwice(bool isArray)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => (o.TableKind, o.ReplicationMode) = (TableKind.Bag, ReplicationMode.Async));
        SuperCacheEngine primary = cluster.PrimaryOf(cluster[0].Partitions.IndexOf("k"));
        int partition = primary.Partitions.IndexOf("k");
        byte[] payload = [1, 2, 3];
        for (int i = 0; i < 2; i++)
        {
            if (isArray)
            {
                await primary.PutAsync(("k", payload));
            }
            else
            {
                await primary.PutAsync(("k", "text"));
            }
        }

        await cluster.WhenEqualAsync();
        long[] counts = [.. cluster.HoldersOf(partition).Select(
            e => EngineCluster.LookAt(e, n => n.Replicas[partition].Copy!.State.Count))];
        Assert.Equal(counts[0], counts[1]);
        ulong[] hashes = cluster.HashesOf(partition);
        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public async Task DeleteByMatch_RemovesTheSameEverywhere_AfterOneArrayWasPutTwice()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.TableKind = TableKind.Bag);
        int partition = cluster[0].Partitions.IndexOf("k");
        SuperCacheEngine primary = cluster.PrimaryOf(partition);
        byte[] payload = [1, 2, 3];
        await primary.PutAsync(("k", payload));
        await primary.PutAsync(("k", payload));
        await primary.PutAsync(("k", "secret"));
        await cluster.WhenEqualAsync();
        Assert.Equal(1, await primary.DeleteByMatchAsync(("k", "secret")));
        await cluster.WhenEqualAsync();
        Assert.DoesNotContain(await primary.GetByKeyAsync("k"), r => "secret".Equals(r[1]));
        Assert.DoesNotContain(await cluster.ReplicaOf(partition).GetByKeyAsync("k"), r => "secret".Equals(r[1]));
    }

    [Fact]
    public async Task RecordThatAReplicaCannotRead_SpoilsNoOther_WhenSomeAreDeleted()
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            (options.TableKind, options.ReplicationMode) = (TableKind.Bag, ReplicationMode.Sync);
            if (nodes++ != 1)
            {
                options.WireTypes.AddEnum<Shade>("shade");
            }
        });
        (SuperCacheEngine knows, SuperCacheEngine lacks) = (cluster[0], cluster[1]);
        string key = Enumerable.Range(0, 2_000).Select(i => "key" + i)
            .First(k => cluster.PrimaryOf(knows.Partitions.IndexOf(k)) == knows);
        await knows.PutAsync((key, (object)Shade.Dark));
        await knows.PutAsync((key, (object)"a"));
        await knows.PutAsync((key, (object)"b"));
        Assert.Equal(1, await knows.DeleteByMatchAsync((key, "a")));
        await cluster.WhenEqualAsync();
        string[] there = [.. lacks.GetByKey(key).Select(r => r[1]!.ToString()!)];
        Assert.Equal(["b"], there);

        // The replica comes to lead, and a node that knows the type gets its copy from there.
        SuperCacheEngine late = await cluster.AddAsync();
        await cluster.WhenWholeAsync();
        await cluster.StopAsync(knows);
        await cluster.WhenWholeAsync();
        Assert.Equal(lacks, cluster.Engines[0]);
        await lacks.PutAsync((key, (object)"c"));
        Assert.Equal(1, await lacks.DeleteByMatchAsync((key, "b")));
        await cluster.WhenEqualAsync();
        Assert.Equal([Shade.Dark, "c"], late.GetByKey(key, ReadMode.Local).Select(r => r[1]));
        Assert.Equal(["c"], lacks.GetByKey(key, ReadMode.Local).Select(r => r[1]));
        Assert.True(await lacks.DeleteByKeyAsync(key));
        await cluster.WhenEqualAsync();
        Assert.Empty(late.GetByKey(key, ReadMode.Local));
        Assert.InRange(cluster.Faults.Take(), 1, 10);
    }

    private enum Shade
    {
        Dark,
    }
}
