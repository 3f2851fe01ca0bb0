using System.Collections.Immutable;
using CsCheck;
using SuperCache.Identity;
using Xunit;

namespace SuperCache.Cluster.Tests.Cluster;

public class PartitionAssignmentTests
{
    private const int Partitions = 256;

    [Theory]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(12, 2)]
    public void Compute_SpreadsCopiesAndPrimaries_Evenly(int nodes, int copies)
    {
        NodeId[] ids = Nodes(nodes);
        ImmutableArray<ImmutableArray<NodeId>> assigned = PartitionAssignment.Compute(ids, Partitions, copies);

        double meanCopies = (double)Partitions * copies / nodes;
        foreach (NodeId id in ids)
        {
            Assert.InRange(assigned.Count(p => p.Contains(id)), meanCopies * 0.6, (meanCopies * 1.15) + 1);
            Assert.True(assigned.Count(p => p[0] == id) <= (Partitions * 1.15 / nodes) + 2);
        }

        Assert.All(assigned, p => Assert.Equal(copies, p.Distinct().Count()));
    }

    /// <summary>Of random clusters, so that no lucky draw of ids hides a node that would have nothing to do.</summary>
    [Fact]
    public void Compute_LetsEveryNodeLead_ItsShare() => Gen
        .Select(Gen.Int[2, 12], Gen.Int[1, 64], Gen.Int[2, 3], Gen.Int)
        .Sample((nodes, share, copies, seed) =>
        {
            NodeId[] ids = Nodes(nodes, seed);
            var assigned = PartitionAssignment.Compute(ids, nodes * share, copies);
            int[] led = [.. ids.Select(id => assigned.Count(p => p[0] == id))];
            Assert.InRange(led.Max() - led.Min(), 0, 4 + (share / 2));
            Assert.True(share < 3 || led.Min() > 0);
        });

    [Fact]
    public void Compute_MovesFewCopies_WhenANodeJoins()
    {
        NodeId[] four = Nodes(4);
        ImmutableArray<ImmutableArray<NodeId>> before = PartitionAssignment.Compute(four, Partitions, 2);
        ImmutableArray<ImmutableArray<NodeId>> after = PartitionAssignment.Compute(Nodes(5), Partitions, 2);

        int moved = before.Zip(after).Sum(pair => pair.Second.Count(n => !pair.First.Contains(n)));

        Assert.InRange(moved, 1, (int)(1.7 * 2 * Partitions / 5));
    }

    [Fact]
    public void Compute_DoesNotDependOnTheOrderOfNodes()
    {
        NodeId[] ids = Nodes(5);
        var forward = PartitionAssignment.Compute(ids, 32, 2);
        var backward = PartitionAssignment.Compute([.. ids.Reverse()], 32, 2);

        Assert.Equal(forward.Select(p => string.Join(",", p)), backward.Select(p => string.Join(",", p)));
    }

    [Fact]
    public void Compute_UsesAllNodes_WhenThereAreFewerThanCopies()
    {
        Assert.All(PartitionAssignment.Compute(Nodes(2), 16, 3), p => Assert.Equal(2, p.Length));
        Assert.All(PartitionAssignment.Compute([], 16, 3), p => Assert.Empty(p));
    }

    private static NodeId[] Nodes(int count, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => NodeId.Draw(random))];
    }
}
