using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>One node as the membership store describes it to the others.</summary>
/// <param name="Id">Its id of this life.</param>
/// <param name="Label">The configured name, for people only.</param>
/// <param name="WireMin">The oldest wire version it speaks.</param>
/// <param name="WireMax">The newest wire version it speaks.</param>
/// <param name="Leaving">Whether it wants to give its partitions away and go.</param>
internal sealed record ClusterMember(NodeId Id, string Label, int WireMin, int WireMax, bool Leaving);

/// <summary>The live nodes at one version of the map, in ascending id. Immutable.</summary>
/// <param name="Members">Ascending by id, no id twice.</param>
internal sealed record ClusterView(ImmutableArray<ClusterMember> Members)
{
    /// <summary>Nobody.</summary>
    public static readonly ClusterView Empty = new(ImmutableArray<ClusterMember>.Empty);

    /// <summary>Whether a node is live, that is: has not been declared dead and has not left.</summary>
    public bool Contains(NodeId id) => Find(id) is not null;

    /// <summary>The member of an id; null when it is not live.</summary>
    public ClusterMember? Find(NodeId id)
    {
        foreach (ClusterMember member in Members)
        {
            if (member.Id == id)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The view with one member added or replaced.</summary>
    public ClusterView With(ClusterMember member) =>
        new([.. Members.Where(m => m.Id != member.Id).Append(member).OrderBy(m => m.Id)]);

    /// <summary>The view without a node.</summary>
    public ClusterView Without(NodeId id) => new([.. Members.Where(m => m.Id != id)]);
}
