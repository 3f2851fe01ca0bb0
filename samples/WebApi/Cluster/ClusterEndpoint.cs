using SuperCache;

namespace WebApi.Cluster;

/// <summary>What the landing page shows of the nodes.</summary>
public static class ClusterEndpoint
{
    /// <summary>Maps <c>/api/cluster</c>.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="label">The node that answers.</param>
    /// <param name="addresses">Where the instances of this process answer.</param>
    public static void MapCluster(
        this IEndpointRouteBuilder endpoints, string label, IReadOnlyList<string> addresses) =>
        endpoints.MapGet("/api/cluster", async (ISuperCache cache, CancellationToken cancellationToken) =>
        {
            ClusterStatistics statistics = await cache.GetClusterStatisticsAsync(cancellationToken);
            return new ClusterAnswer(label, addresses, cache.IsDistributed, statistics.Nodes, statistics.TotalRecords);
        }).WithTags("Cluster").WithSummary("Lists the nodes, what each leads and holds, and how far it is behind.");
}

/// <summary>The nodes at a moment, as one of them knows them.</summary>
/// <param name="AnsweredBy">The node that answered.</param>
/// <param name="Addresses">Where the instances of its process answer.</param>
/// <param name="IsDistributed">Whether there is a cluster.</param>
/// <param name="Nodes">All nodes.</param>
/// <param name="TotalRecords">Records, each counted once.</param>
public sealed record ClusterAnswer(
    string AnsweredBy,
    IReadOnlyList<string> Addresses,
    bool IsDistributed,
    IReadOnlyList<NodeStatistics> Nodes,
    long TotalRecords);
