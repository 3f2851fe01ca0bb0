namespace SuperCache.Cluster;

/// <summary>What all nodes of a cluster must agree on; compared when a node joins.</summary>
/// <param name="PartitionCount">The number of partitions.</param>
/// <param name="ReplicationFactor">Copies of each partition.</param>
/// <param name="ReplicationMode">What an acknowledged write has reached.</param>
/// <param name="KeyPosition">The element of a record that is its key.</param>
/// <param name="PartitionPosition">The element that chooses the partition.</param>
/// <param name="TableKind">How many records a key may have.</param>
/// <param name="KeyHash">Names the function that hashes partition values.</param>
/// <param name="Codec">Names the codec of keys and values.</param>
internal sealed record ClusterFingerprint(
    int PartitionCount,
    int ReplicationFactor,
    ReplicationMode ReplicationMode,
    int KeyPosition = 0,
    int PartitionPosition = 0,
    TableKind TableKind = TableKind.Set,
    string KeyHash = "stable-2",
    string Codec = "sc1")
{
    /// <summary>Explains how this configuration differs from a cluster's; null when it does not.</summary>
    /// <param name="cluster">What the running cluster uses.</param>
    /// <returns>One sentence that names each option with both values.</returns>
    public string? DifferenceFrom(ClusterFingerprint cluster)
    {
        List<string> differences = [];
        Compare(differences, nameof(PartitionCount), PartitionCount, cluster.PartitionCount);
        Compare(differences, nameof(ReplicationFactor), ReplicationFactor, cluster.ReplicationFactor);
        Compare(differences, nameof(ReplicationMode), ReplicationMode, cluster.ReplicationMode);
        Compare(differences, nameof(KeyPosition), KeyPosition, cluster.KeyPosition);
        Compare(differences, nameof(PartitionPosition), PartitionPosition, cluster.PartitionPosition);
        Compare(differences, nameof(TableKind), TableKind, cluster.TableKind);
        Compare(differences, nameof(KeyHash), KeyHash, cluster.KeyHash);
        Compare(differences, nameof(Codec), Codec, cluster.Codec);
        return differences.Count == 0
            ? null
            : "This node's configuration differs from its cluster's: " + string.Join("; ", differences) + ".";
    }

    private static void Compare<T>(List<string> differences, string option, T mine, T cluster)
    {
        if (!EqualityComparer<T>.Default.Equals(mine, cluster))
        {
            differences.Add($"{option} is {mine} here and {cluster} in the cluster");
        }
    }
}
