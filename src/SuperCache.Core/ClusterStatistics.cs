namespace SuperCache;

/// <summary>What a whole cluster holds. In local mode, one node.</summary>
public sealed record ClusterStatistics
{
    /// <summary>The nodes that answered, in ascending name.</summary>
    public required IReadOnlyList<NodeStatistics> Nodes { get; init; }

    /// <summary>The names of nodes that are members and did not answer.</summary>
    public required IReadOnlyList<string> UnreachableNodes { get; init; }

    /// <summary>The number of partitions.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Copies of each partition, the primary included.</summary>
    public required int ReplicationFactor { get; init; }

    /// <summary>What an acknowledged write has reached.</summary>
    public required ReplicationMode ReplicationMode { get; init; }

    /// <summary>Records, each counted once, on its primary.</summary>
    public required long TotalRecords { get; init; }
}

/// <summary>One node's part in a cluster.</summary>
public sealed record NodeStatistics
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>The partitions it is the primary of.</summary>
    public required int PrimaryPartitions { get; init; }

    /// <summary>The partitions it is a replica of.</summary>
    public required int ReplicaPartitions { get; init; }

    /// <summary>The records it holds, in both roles.</summary>
    public required long RecordCount { get; init; }

    /// <summary>The most ops by which any of its replicas is behind the primary.</summary>
    public required long Lag { get; init; }

    /// <summary>When the asking node last heard of it; the time of asking for the asking node itself.</summary>
    public required DateTimeOffset LastContact { get; init; }
}
