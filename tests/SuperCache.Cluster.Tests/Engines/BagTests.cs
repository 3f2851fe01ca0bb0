using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
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
}
