using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Every member of the cache, asked at the primary, at a replica, and at a node without a copy.</summary>
public class EveryMemberTests
{
    public static TheoryData<ReplicationMode, ReadMode> Modes => new MatrixTheoryData<ReplicationMode, ReadMode>(
        [ReplicationMode.Async, ReplicationMode.Sync, ReplicationMode.Strong],
        [ReadMode.Local, ReadMode.Primary, ReadMode.Quorum]);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task EveryNode_ReadsWhatItWrote_AndWhatOthersWrote(ReplicationMode replication, ReadMode read)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 3, o => (o.ReplicationMode, o.DefaultReadMode) = (replication, read));
        foreach (SuperCacheEngine writer in cluster.Engines)
        {
            for (int i = 0; i < 40; i++)
            {
                string key = $"{writer.Seat!.Driver.Id}-{i}";
                writer.Put((key, i));
                Assert.True(writer.TryGet(key, out (string, int) own));
                Assert.Equal((key, i), own);
                Assert.Equal([(key, i)], writer.GetByKey(key));
                await writer.PutAsync((key, i + 1));
                Assert.Equal((true, (key, i + 1)), await writer.TryGetAsync<string, (string, int)>(key));
                Assert.True(writer.DeleteByKey(key));
                Assert.False(writer.TryGet(key, out own));
                Assert.False(await writer.DeleteByKeyAsync(key));
                await writer.PutAsync((key, i + 2));
            }
        }

        await cluster.WhenEqualAsync();
        foreach (SuperCacheEngine reader in cluster.Engines)
        {
            foreach (SuperCacheEngine writer in cluster.Engines)
            {
                for (int i = 0; i < 40; i++)
                {
                    string key = $"{writer.Seat!.Driver.Id}-{i}";
                    Assert.Equal([(key, i + 2)], reader.GetByKey(key));
                }
            }
        }

        for (int p = 0; p < cluster[0].Partitions.Count; p++)
        {
            Assert.Single(cluster.HashesOf(p).Distinct());
        }
    }
}
