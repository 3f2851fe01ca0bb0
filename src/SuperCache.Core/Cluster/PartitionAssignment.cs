using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>Says which nodes should hold which partition, and who should lead it: a pure function of the nodes, the
/// number of partitions and the replication factor, so that every node computes the same and none is told.</summary>
/// <remarks>
/// <para>Copies: rendezvous hashing with a cap. Each partition ranks the nodes by a hash of (node, partition) and takes
/// the best that still have room. When a node joins N others, about RF·P/(N+1) copies move; the cap moves a few more
/// and keeps the fullest node about an eighth above the mean.</para>
/// <para>Primaries: the best of the copies, but then nodes that lead many partitions leave some to other holders that
/// lead few, until no single such step makes them more even by much. That moves roles and no data.</para>
/// Source: Thaler and Ravishankar's highest random weight; Mirrokni's bounded loads.
/// </remarks>
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
        int cap = Cap((long)partitionCount * perPartition, nodes.Count);
        var held = nodes.ToDictionary(n => n, _ => 0);
        var chosen = new NodeId[partitionCount][];
        for (int i = 0; i < partitionCount; i++)
        {
            NodeId[] ranked = Ranked(new PartitionId(i), nodes);
            NodeId[] withRoom = [.. ranked.Where(n => held[n] < cap).Take(perPartition)];
            chosen[i] = [.. withRoom, .. ranked.Except(withRoom).Take(perPartition - withRoom.Length)];
            Array.ForEach(chosen[i], n => held[n]++);
        }

        EvenOutPrimaries(chosen, nodes);
        return [.. chosen.Select(c => c.ToImmutableArray())];
    }

    /// <summary>Puts another holder first where the first leads many more partitions than that one.</summary>
    /// <remarks>Ends, because each step makes the sum of the squares smaller.</remarks>
    private static void EvenOutPrimaries(NodeId[][] chosen, IReadOnlyCollection<NodeId> nodes)
    {
        var led = nodes.ToDictionary(n => n, n => chosen.Count(c => c[0] == n));
        int tolerance = 1 + (chosen.Length / nodes.Count / 8);
        for (bool isMoved = true; isMoved;)
        {
            isMoved = false;
            foreach (NodeId[] copies in chosen)
            {
                NodeId first = copies[0];
                NodeId idlest = copies.MinBy(n => led[n]);
                if (led[first] - led[idlest] > tolerance)
                {
                    led[first]--;
                    led[idlest]++;
                    Array.Copy(copies, 0, copies, 1, Array.IndexOf(copies, idlest));
                    copies[0] = idlest;
                    isMoved = true;
                }
            }
        }
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
