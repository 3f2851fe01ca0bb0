namespace SuperCache.Cluster;

/// <summary>The wire versions a node speaks, and how a cluster agrees on one.</summary>
/// <param name="Min">The oldest.</param>
/// <param name="Max">The newest; at least <paramref name="Min"/>.</param>
internal readonly record struct WireRange(int Min, int Max)
{
    /// <summary>The version this release writes, which is the only one it reads.</summary>
    public const int Current = 2;

    /// <summary>Explains why a node cannot join a cluster that speaks a version; null when it can.</summary>
    public string? Refusal(int active) => active < Min || active > Max
        ? $"This node speaks wire versions {Min} to {Max}; its cluster speaks {active}."
        : null;

    /// <summary>The highest version that all members speak, never below the active one.</summary>
    public static int Agreed(int active, ClusterView view)
    {
        int agreed = int.MaxValue;
        foreach (ClusterMember member in view.Members)
        {
            agreed = Math.Min(agreed, member.WireMax);
        }

        return agreed == int.MaxValue ? active : Math.Max(active, agreed);
    }
}
