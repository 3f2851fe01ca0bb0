using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>A call to the membership store. Each runs atomically there; whether one that was not answered ran is
/// unknown.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version or epoch the caller ever saw in its lineage; 0 when none.</param>
internal abstract record StoreRequest(NodeId Caller, long Seen)
{
    /// <summary>By how much each change raises the version: 1 to <see cref="MapVersion.MaxStep"/>, random; for a repair
    /// 1 to <see cref="MapVersion.MaxRepairStep"/>.</summary>
    public int Step { get; init; } = 1;
}

/// <summary>Enters the caller as a live node; makes the map when there is none and the caller knows of none.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Member">The caller's row.</param>
/// <param name="Config">Compared with the cluster's.</param>
/// <param name="Known">Lineage and version of the map the caller has; null when it has none.</param>
/// <param name="Beat">A random number to count renewals from, so that no two lives or returns look alike to an
/// observer.</param>
/// <param name="NewLineage">The lineage to use when the map is made.</param>
internal sealed record JoinRequest(
    NodeId Caller,
    long Seen,
    ClusterMember Member,
    ClusterFingerprint Config,
    (ulong Lineage, long Version)? Known,
    long Beat,
    ulong NewLineage) : StoreRequest(Caller, Seen);

/// <summary>Counts the caller's lease on by the step.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Version">The version of the map it has.</param>
/// <param name="Lineage">The lineage of the map it has.</param>
/// <param name="Leaving">Whether it wants to go.</param>
internal sealed record RenewRequest(NodeId Caller, long Seen, long Version, ulong Lineage, bool Leaving)
    : StoreRequest(Caller, Seen);

/// <summary>Reads the counters of all nodes, and the map when it is newer.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Version">The version of the map it has.</param>
/// <param name="Lineage">The lineage of the map it has.</param>
internal sealed record PollRequest(NodeId Caller, long Seen, long Version, ulong Lineage) : StoreRequest(Caller, Seen);

/// <summary>Repairs a store that has lost its map or gone back to an older one (rule R-8).</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Map">The map the caller has.</param>
/// <param name="Member">The caller's row.</param>
/// <param name="Config">The cluster's configuration, in case the store has lost it.</param>
/// <param name="Wire">The cluster's wire version, likewise.</param>
internal sealed record RestoreRequest(
    NodeId Caller, long Seen, PartitionMap Map, ClusterMember Member, ClusterFingerprint Config, int Wire)
    : StoreRequest(Caller, Seen);

/// <summary>Declares a node dead if its counter still stands where the observer saw it, and gives its partitions new
/// primaries.</summary>
/// <param name="Caller">The observer.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Suspect">The node.</param>
/// <param name="Counter">What the observer saw for longer than a lease.</param>
internal sealed record DeadRequest(NodeId Caller, long Seen, NodeId Suspect, long Counter) : StoreRequest(Caller, Seen);

/// <summary>What a compare-and-set does to a placement.</summary>
internal enum PlacementChange
{
    /// <summary>Makes the voters the active voters; the reign stays.</summary>
    Activate,

    /// <summary>Replaces the voters; a new reign of the same primary.</summary>
    SetVoters,

    /// <summary>Makes another voter the primary; a new reign.</summary>
    Transfer,

    /// <summary>Starts a new reign of the same primary and voters, so that nothing of the old one can happen any
    /// more.</summary>
    Fence,
}

/// <summary>Changes one placement if its reign is still the one expected and the caller is its primary.</summary>
/// <param name="Caller">The primary.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Expected">The reign the caller leads.</param>
/// <param name="Change">What to do.</param>
/// <param name="Voters">For <see cref="PlacementChange.SetVoters"/>.</param>
/// <param name="Primary">For <see cref="PlacementChange.Transfer"/>.</param>
/// <param name="Nonce">Stored in the placement.</param>
internal sealed record CasRequest(
    NodeId Caller,
    long Seen,
    PartitionId Partition,
    Epoch Expected,
    PlacementChange Change,
    ImmutableArray<NodeId> Voters,
    NodeId Primary,
    ulong Nonce) : StoreRequest(Caller, Seen);

/// <summary>Removes the caller, when no placement counts on it any more, or it is the last member and the map is still
/// as it saw it.</summary>
/// <param name="Caller">The calling node.</param>
/// <param name="Seen">The highest version the caller ever saw.</param>
internal sealed record LeaveRequest(NodeId Caller, long Seen) : StoreRequest(Caller, Seen);
