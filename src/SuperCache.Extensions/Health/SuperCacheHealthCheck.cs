using Microsoft.Extensions.Diagnostics.HealthChecks;
using SuperCache.Replication;

namespace SuperCache.Health;

/// <summary>Says whether a cache can serve, from what its node knows: nothing is asked over the network.</summary>
/// <param name="resolve">Finds the cache.</param>
internal sealed class SuperCacheHealthCheck(Func<SuperCacheEngine> resolve) : IHealthCheck
{
    /// <summary>A replica further behind than this, in ops, is reported.</summary>
    private const long MuchLag = 10_000;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(Check(context.Registration.FailureStatus));
    }

    private HealthCheckResult Check(HealthStatus failure)
    {
        SuperCacheEngine engine = resolve();
        if (!engine.IsStarted)
        {
            return new HealthCheckResult(
                failure,
                engine.HasStopped
                    ? "The cache has stopped."
                    : "The cache has not started: its node has not joined its cluster yet.");
        }

        if (!engine.IsDistributed)
        {
            return HealthCheckResult.Healthy("A local cache.");
        }

        if (engine.LookAtCluster() is not { } seen)
        {
            return new HealthCheckResult(failure, "The node is not in its cluster.");
        }

        (ClusterHealth node, LinkStatus link) = seen;
        var data = new Dictionary<string, object>
        {
            ["nodes"] = node.Nodes,
            ["primaries"] = node.Led,
            ["notServing"] = node.NotServing,
            ["missingReplicas"] = node.MissingReplicas,
            ["lag"] = node.Lag,
            ["backplaneConnected"] = node.HearsItself && link.IsConnected,
            ["membershipStoreAnswering"] = link.IsStoreAnswering,
            ["pendingBytes"] = link.PendingBytes,
            ["waitingMessages"] = link.WaitingMessages,
            ["droppedMessages"] = link.RefusedFrames + link.LostMessages + link.DroppedMessages,
        };
        if (Broken(node) is { } broken)
        {
            return new HealthCheckResult(failure, broken, null, data);
        }

        string[] weak = [.. Weak(node, link)];
        return weak.Length == 0
            ? HealthCheckResult.Healthy("The node serves its part of the cluster.", data)
            : HealthCheckResult.Degraded(string.Join(' ', weak), null, data);
    }

    private static string? Broken(ClusterHealth node)
    {
        if (node.Refusal is { } refusal)
        {
            return $"The cluster refuses the node, which serves no more until it is started again. {refusal}";
        }

        if (!node.IsMember)
        {
            return "The node is not a member of its cluster: it was declared dead and has not come back yet.";
        }

        if (!node.HasLease)
        {
            return "The node has no lease: the membership store does not answer. Local reads go on.";
        }

        return node.HearsItself
            ? null
            : "The node does not hear itself through the backplane. Local reads go on.";
    }

    private static IEnumerable<string> Weak(ClusterHealth node, LinkStatus link)
    {
        if (!link.IsConnected || !link.IsStoreAnswering)
        {
            yield return "The connection to the backplane is lost; the lease still holds.";
        }

        if (node.NotServing > 0)
        {
            yield return $"{node.NotServing} partitions are being taken over.";
        }

        if (node.MissingReplicas > 0)
        {
            yield return $"{node.MissingReplicas} replicas are missing.";
        }

        if (node.Lag > MuchLag)
        {
            yield return $"A replica is {node.Lag} ops behind.";
        }
    }
}
