namespace SuperCache.Process.Tests;

/// <summary>What a node knows of its cluster.</summary>
/// <param name="Nodes">Live nodes.</param>
/// <param name="Led">Partitions it leads.</param>
/// <param name="NotServing">Of those, how many it does not serve.</param>
/// <param name="Missing">Copies that are missing in the cluster.</param>
/// <param name="Lag">Ops by which a copy of its partitions is behind.</param>
/// <param name="CanServe">Whether it is a member with a lease that hears itself.</param>
internal sealed record NodeHealth(int Nodes, int Led, int NotServing, int Missing, long Lag, bool CanServe)
{
    /// <summary>Everything that the node says, for people.</summary>
    public string Details { get; init; } = "";
}
