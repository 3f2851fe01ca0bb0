namespace SuperCache;

/// <summary>What one node's share of a cache holds and has done since it started.</summary>
/// <remarks>A snapshot; the figures are read one after the other while the cache works on.</remarks>
public sealed record CacheStatistics
{
    /// <summary>The partitions in ascending index.</summary>
    public required IReadOnlyList<PartitionStatistics> Partitions { get; init; }

    /// <summary>Records of all partitions together.</summary>
    public required long TotalCount { get; init; }

    /// <summary>Reads by key that found a record.</summary>
    public required long Hits { get; init; }

    /// <summary>Reads by key that found none.</summary>
    public required long Misses { get; init; }

    /// <summary>Records put, replacements included.</summary>
    public required long Puts { get; init; }

    /// <summary>Records deleted by a call.</summary>
    public required long Deletes { get; init; }

    /// <summary>Records removed for room.</summary>
    public required long Evictions { get; init; }

    /// <summary>Records removed because they had expired.</summary>
    public required long Expirations { get; init; }

    /// <summary>Notices of <see cref="ISuperCache.EntryRemoved"/> that were dropped because listeners were too
    /// slow.</summary>
    public required long LostRemovalNotices { get; init; }

    /// <summary>What the records weigh together, in units of <see cref="SuperCacheOptions.SizeLimit"/>.</summary>
    public required long EstimatedSize { get; init; }
}

/// <summary>What one partition holds.</summary>
/// <param name="Index">The partition's index, from 0.</param>
/// <param name="Count">Its records.</param>
public readonly record struct PartitionStatistics(int Index, long Count);
