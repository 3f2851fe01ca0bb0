using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>Who reigns over one partition, and which copies count. Immutable.</summary>
/// <param name="Epoch">The current reign.</param>
/// <param name="Primary">The one node that orders ops in it.</param>
/// <param name="Voters">V: the copies that count for a quorum once they are activated; holds the primary.</param>
/// <param name="ActiveVoters">AV: the voters of the last activated reign; every acknowledged write is on a majority of
/// them.</param>
/// <param name="PollAll">The map was repaired after the store lost it: recovery must ask every node (rule R-9).</param>
/// <param name="Nonce">Names the last accepted proposal, so that a proposer recognises its own (rule R-11).</param>
internal sealed record PartitionPlacement(
    Epoch Epoch,
    NodeId Primary,
    ImmutableArray<NodeId> Voters,
    ImmutableArray<NodeId> ActiveVoters,
    bool PollAll,
    ulong Nonce)
{
    /// <summary>Whether the voters of this reign are activated: nothing is committed and nothing served
    /// before.</summary>
    public bool IsActivated => !PollAll && Voters.Length == ActiveVoters.Length && Voters.All(ActiveVoters.Contains);

    /// <summary>Whether this is a later state of the partition than another.</summary>
    public bool IsAfter(PartitionPlacement other) =>
        Epoch > other.Epoch || (Epoch == other.Epoch && IsActivated && !other.IsActivated);

    /// <summary>Whether a node's copy counts, now or until the voters are activated.</summary>
    public bool Holds(NodeId node) => Voters.Contains(node) || ActiveVoters.Contains(node);

    /// <summary>The nodes whose copies count, now or until the voters are activated.</summary>
    public IEnumerable<NodeId> Holders => Voters.Union(ActiveVoters);
}

/// <summary>
/// The partition map at one version: for each partition its reign, together with the view of live nodes it was decided
/// for. Immutable;
/// replaced as a whole. Versions grow by one with each change, and by a generation when a lost map is repaired; they
/// never go back
/// within a lineage.
/// </summary>
/// <param name="Version">Generation and counter in one number below 2^53; see <see cref="MapVersion"/>.</param>
/// <param name="Lineage">Drawn when the map was first made: maps of different lineages are different clusters.</param>
/// <param name="View">The live nodes.</param>
/// <param name="Placements">One for each partition, by index.</param>
internal sealed record PartitionMap(
    long Version,
    ulong Lineage,
    ClusterView View,
    ImmutableArray<PartitionPlacement> Placements)
{
    /// <summary>The placement of a partition.</summary>
    public PartitionPlacement this[PartitionId partition] => Placements[partition.Value];

    /// <summary>
    /// Whether another map of the lineage knows a newer reign of some partition, or that a reign was activated. For a
    /// map of a higher version this means that the store
    /// went back in between and came this far again on another way.
    /// </summary>
    public bool IsBehind(PartitionMap other)
    {
        for (int i = 0; i < Placements.Length; i++)
        {
            if (other.Placements[i].IsAfter(Placements[i]))
            {
                return true;
            }
        }

        return false;
    }
}
