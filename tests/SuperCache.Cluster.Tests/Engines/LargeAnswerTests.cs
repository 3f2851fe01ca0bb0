using System.Runtime.CompilerServices;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>What is stored is read at every node; what one answer cannot carry is refused with what to do.</summary>
public class LargeAnswerTests
{
    [Fact]
    public async Task LargestRecordThatIsTaken_IsRead_AtEveryNode()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3);
        int partition = cluster[0].Partitions.IndexOf("k");
        SuperCacheEngine outsider = cluster.OutsiderOf(partition);
        byte[] payload = new byte[(16 << 20) - 12];
        await cluster.PrimaryOf(partition).PutAsync(("k", payload));
        await cluster.WhenEqualAsync();
        Assert.Single(await cluster.PrimaryOf(partition).GetByKeyAsync("k"));
        ITuple found = Assert.Single(await outsider.GetByKeyAsync("k"));
        Assert.Equal(payload.Length, ((byte[])found[1]!).Length);
    }

    [Fact]
    public async Task MatchThatFindsTooMuch_SaysSo_AtNodesWithoutACopy()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3, o => o.PartitionCount = 1);
        for (int i = 0; i < 17; i++)
        {
            await cluster.PrimaryOf(0).PutAsync(("k" + i, new byte[1 << 20]));
        }

        await cluster.WhenEqualAsync();
        SuperCacheEngine outsider = cluster.OutsiderOf(0);
        var error = await Assert.ThrowsAsync<UnsupportedValueException>(
            () => outsider.GetByMatchObjectAsync((Match.Any, Match.Any)).AsTask());
        Assert.Contains("Narrow the pattern", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnsupportedValueException>(
            () => outsider.GetByMatchAsync((Match.Any, Match.Var(0))).AsTask());
        Assert.Single(await outsider.GetByMatchObjectAsync(("k3", Match.Any)));
        Assert.Equal(17, (await cluster.PrimaryOf(0).GetByMatchObjectAsync((Match.Any, Match.Any))).Count);
    }
}
