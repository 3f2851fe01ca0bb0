using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>How a call to the membership store ended.</summary>
internal enum StoreStatus
{
    /// <summary>It was done.</summary>
    Ok,

    /// <summary>The condition did not hold; nothing was changed, and nothing will be.</summary>
    Conflict,

    /// <summary>The caller has been declared dead; nothing was changed.</summary>
    Fenced,

    /// <summary>The store knows less than the caller; nothing was changed. The caller must restore.</summary>
    Regressed,

    /// <summary>The caller may not live in the store's map; <see cref="StoreReply.Message"/> says why.</summary>
    Refused,

    /// <summary>Unknown whether it was done, or will be.</summary>
    Indeterminate,
}

/// <summary>A reply of the membership store.</summary>
/// <param name="Status">How the call ended.</param>
internal sealed record StoreReply(StoreStatus Status)
{
    /// <summary>The store's map; null when the caller's is as new.</summary>
    public PartitionMap? Map { get; init; }

    /// <summary>The counters of all live nodes, in answer to a poll.</summary>
    public ImmutableSortedDictionary<NodeId, long>? Counters { get; init; }

    /// <summary>The cluster's wire version.</summary>
    public int Wire { get; init; }

    /// <summary>Whether the caller has just made the map: its copies are complete because there is nothing
    /// yet.</summary>
    public bool Bootstrapped { get; init; }

    /// <summary>Why a join or a restore was refused.</summary>
    public string? Message { get; init; }
}
