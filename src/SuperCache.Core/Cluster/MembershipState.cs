using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>Everything the membership store holds for one cluster. Immutable, so that a test can put an older one
/// back.</summary>
internal sealed record MembershipState
{
    /// <summary>A store that knows nothing.</summary>
    public static readonly MembershipState Empty = new();

    /// <summary>The map; null before the first join and after the store lost it.</summary>
    public PartitionMap? Map { get; init; }

    /// <summary>What the cluster agreed on.</summary>
    public ClusterFingerprint? Config { get; init; }

    /// <summary>The wire version all nodes speak.</summary>
    public int Wire { get; init; }

    /// <summary>A number for each live node that changes with each renewal of its lease: it begins at random and grows
    /// by random steps, so that a store that has gone back does not show an observer what it has seen before.</summary>
    public ImmutableSortedDictionary<NodeId,
        long> Counters
    { get; init; } = ImmutableSortedDictionary<NodeId, long>.Empty;

    /// <summary>The node that made the map, while an older lineage may still claim the store; none
    /// afterwards.</summary>
    public NodeId FreshOwner { get; init; }

    /// <summary>After how many renewals of the owner the map stops being fresh.</summary>
    public int FreshRenewals { get; init; }

    /// <summary>Whether an older lineage that shows up now takes precedence over this one, though somebody lives in it
    /// (rule R-10).</summary>
    public bool IsFresh => FreshOwner != NodeId.None && Counters.ContainsKey(FreshOwner);
}
