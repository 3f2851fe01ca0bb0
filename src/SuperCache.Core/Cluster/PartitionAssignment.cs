using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>
/// Says which nodes should hold which partition: rendezvous hashing with a cap on the load of each node. A pure
/// function of the nodes,
/// the number of partitions and the replication factor, so every node computes the same and none is told.
/// </summary>
/// <remarks>Each partition ranks the nodes by a hash of (node, partition) and takes the best that still have room.
/// When a node joins
/// N others, about RF·P/(N+1) copies move; the cap moves a few more and keeps the fullest node within an eighth of the
/// mean.
/// Source: Thaler and Ravishankar's highest random weight; Mirrokni's bounded loads.</remarks>
internal static class PartitionAssignment
{
    /// <summary>The nodes for each partition, the wanted primary first.</summary>
    /// <param name="nodes">The nodes that may hold copies; in any order.</param>
    /// <param name="partitionCount">The number of partitions.</param>
    /// <param name="copies">Copies of each; as many as there are nodes when there are fewer.</param>
    public static ImmutableArray<ImmutableArray<NodeId>> Compute(
        IReadOnlyCollection<NodeId> nodes, int partitionCount, int copies)
    {
        if (nodes.Count == 0)
        {
            return [.. Enumerable.Repeat(ImmutableArray<NodeId>.Empty, partitionCount)];
        }

        int perPartition = Math.Min(copies, nodes.Count);
        int copyCap = Cap((long)partitionCount * perPartition, nodes.Count);
        int primaryCap = Cap(partitionCount, nodes.Count);
        var load = nodes.ToDictionary(n => n, _ => (Copies: 0, Primaries: 0));
        ImmutableArray<ImmutableArray<NodeId>>.Builder result = ImmutableArray.CreateBuilder<ImmutableArray<NodeId>>(
            partitionCount);
        for (int i = 0; i < partitionCount; i++)
        {
            NodeId[] ranked = Ranked(new PartitionId(i), nodes);
            List<NodeId> chosen = [.. ranked.Where(n => load[n].Copies < copyCap).Take(perPartition)];
            chosen.AddRange(ranked.Where(n => !chosen.Contains(n)).Take(perPartition - chosen.Count));
            NodeId primary = chosen.Find(n => load[n].Primaries < primaryCap);
            if (primary == NodeId.None)
            {
                primary = chosen[0];
            }

            foreach (NodeId node in chosen)
            {
                (int held, int led) = load[node];
                load[node] = (held + 1, node == primary ? led + 1 : led);
            }

            result.Add([primary, .. chosen.Where(n => n != primary)]);
        }

        return result.MoveToImmutable();
    }

    /// <summary>The nodes in a partition's order of preference.</summary>
    public static NodeId[] Ranked(PartitionId partition, IEnumerable<NodeId> nodes) =>
        [.. nodes.OrderByDescending(n => Weight(n, partition)).ThenBy(n => n)];

    private static int Cap(long total, int nodes)
    {
        long mean = (total + nodes - 1) / nodes;
        return (int)(mean + (mean / 8));
    }

    private static ulong Weight(NodeId node, PartitionId partition)
    {
        ulong x = node.Value ^ (((ulong)partition.Value + 1) * 0x9E3779B97F4A7C15);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
