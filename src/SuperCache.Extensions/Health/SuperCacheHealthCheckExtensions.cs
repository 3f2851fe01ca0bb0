using Microsoft.Extensions.Diagnostics.HealthChecks;
using SuperCache;
using SuperCache.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of caches.</summary>
/// <remarks>
/// <para>Healthy: the node serves its part of the cluster; a local cache always is. Degraded: it serves, but replicas
/// are missing or far behind, partitions are being taken over, or the backplane has just been lost. Unhealthy: it
/// cannot serve. The data holds <c>nodes</c>, <c>primaries</c>, <c>notServing</c>, <c>missingReplicas</c>, <c>lag</c> (ops),
/// <c>backplaneConnected</c>, <c>membershipStoreAnswering</c>, <c>pendingBytes</c>, <c>waitingMessages</c> and
/// <c>droppedMessages</c>.</para>
/// <para>The tag is <c>ready</c>. Do not use the check for liveness: restarting a node does not bring Redis back, and
/// loses its copies.</para>
/// </remarks>
public static class SuperCacheHealthCheckExtensions
{
    private static readonly string[] Ready = ["ready"];

    /// <summary>Adds a health check of this cache.</summary>
    /// <param name="builder">The cache.</param>
    /// <param name="name">The check's name. Default: <c>supercache</c>, and for a named cache
    /// <c>supercache-name</c>.</param>
    /// <param name="failureStatus">What is reported when the node cannot serve. Default: unhealthy.</param>
    /// <param name="tags">The check's tags. Default: <c>ready</c>.</param>
    /// <param name="timeout">How long the check may take. Default: no limit; it asks nobody.</param>
    /// <returns>The builder.</returns>
    public static ISuperCacheBuilder WithHealthCheck(
        this ISuperCacheBuilder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string cacheName = builder.Name;
        name ??= cacheName == SuperCacheEngine.DefaultName ? "supercache" : "supercache-" + cacheName;
        builder.Services.AddHealthChecks().AddSuperCache(cacheName, name, failureStatus, tags, timeout);
        return builder;
    }

    /// <summary>Adds a health check of a registered cache.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="cacheName">The cache; null for the default cache.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported when the node cannot serve. Default: unhealthy.</param>
    /// <param name="tags">The check's tags. Default: <c>ready</c>.</param>
    /// <param name="timeout">How long the check may take. Default: no limit; it asks nobody.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddSuperCache(
        this IHealthChecksBuilder builder,
        string? cacheName = null,
        string name = "supercache",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new SuperCacheHealthCheck(() => provider.GetRequiredKeyedService<SuperCacheEngine>(
                cacheName ?? SuperCacheEngine.DefaultName)),
            failureStatus,
            tags ?? Ready,
            timeout));
    }
}
