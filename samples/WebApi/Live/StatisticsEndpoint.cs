using SuperCache;
using WebApi.Catalogue;

namespace WebApi.Live;

/// <summary>What the landing page shows of the cache's inside.</summary>
public static class StatisticsEndpoint
{
    /// <summary>Maps <c>/api/statistics</c>.</summary>
    public static void MapStatistics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/statistics", (ISuperCache cache, ProductStore store) =>
        {
            CacheStatistics statistics = cache.GetStatistics();
            return new LiveStatistics(
                [.. statistics.Partitions.Select(p => p.Count)],
                statistics.TotalCount,
                statistics.Hits,
                statistics.Misses,
                store.Reads);
        }).WithTags("Statistics").WithSummary("Counts the cache's records, hits and misses, and the database's reads.");
}

/// <summary>The figures of a moment.</summary>
/// <param name="Partitions">Records by partition.</param>
/// <param name="Records">Records altogether.</param>
/// <param name="Hits">Reads by key that found a record.</param>
/// <param name="Misses">Reads by key that found none.</param>
/// <param name="DatabaseReads">Queries that the database answered.</param>
public sealed record LiveStatistics(
    IReadOnlyList<long> Partitions, long Records, long Hits, long Misses, long DatabaseReads);
