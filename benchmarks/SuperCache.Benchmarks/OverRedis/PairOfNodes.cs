using Microsoft.Extensions.Logging.Abstractions;
using SuperCache.Redis;
using SuperCache.Replication;

namespace SuperCache.Benchmarks.OverRedis;

/// <summary>Two nodes of a cluster over Redis, in this process, each with connections of its own.</summary>
internal sealed class PairOfNodes : IAsyncDisposable
{
    private PairOfNodes(SuperCacheEngine first, SuperCacheEngine second) => (First, Second) = (first, second);

    public SuperCacheEngine First { get; }

    public SuperCacheEngine Second { get; }

    /// <summary>Starts them and waits until every partition has two copies.</summary>
    public static async Task<PairOfNodes> StartAsync(string redis, ReplicationMode mode)
    {
        var pair = new PairOfNodes(await StartNodeAsync(redis, mode), await StartNodeAsync(redis, mode));
        while (pair.First.LookAtCluster() is not { Node: { MissingReplicas: 0, NotServing: 0, Nodes: 2, Led: 4 } })
        {
            await Task.Delay(50);
        }

        return pair;
    }

    /// <summary>Keys of partitions that the first node leads, or the second.</summary>
    public static string[] KeysLedBy(SuperCacheEngine node, int count)
    {
        var keys = new List<string>(count);
        for (int i = 0; keys.Count < count; i++)
        {
            string key = "key" + i;
            try
            {
                node.Partitions.For(key).Put((key, Array.Empty<byte>()));
                keys.Add(key);
            }
            catch (NotPrimaryException)
            {
                // The other one leads it.
            }
        }

        return [.. keys];
    }

    public async ValueTask DisposeAsync()
    {
        await Second.LeaveAsync();
        await Second.DisposeAsync();
        await First.LeaveAsync();
        await First.DisposeAsync();
    }

    private static async Task<SuperCacheEngine> StartNodeAsync(string redis, ReplicationMode mode)
    {
        var options = new SuperCacheRedisOptions { Configuration = redis, ClusterName = "bench-" + mode };
        var binding = new ClusterBinding(new RedisLink(options, options.ClusterName, NullLogger.Instance))
        {
            ClusterName = options.ClusterName,
            Timings = ClusterTimingsFor.Options(options) with { RebalanceRest = 500 },
        };
        var cache = new SuperCacheOptions
        {
            Mode = CacheMode.Distributed,
            ReplicationMode = mode,
            PartitionCount = 8,
        };
        return await SuperCacheEngine.StartInClusterAsync(cache, binding);
    }
}
