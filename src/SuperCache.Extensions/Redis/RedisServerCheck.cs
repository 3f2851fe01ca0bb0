using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Diagnostics;
using SuperCache.Identity;

namespace SuperCache.Redis;

/// <summary>Looks at the server before a node trusts it with its membership.</summary>
internal static class RedisServerCheck
{
    private const int Increments = 200;

    /// <summary>Runs a script 200 times over two connections; a server that interleaves scripts loses counts.</summary>
    /// <exception cref="ClusterConfigurationException">Scripts are not atomic there, or not allowed.</exception>
    public static async Task RequireAtomicScriptsAsync(
        RedisConnections connections, RedisKeys keys, NodeId self, TimeSpan timeout)
    {
        RedisKey[] key = [keys.Probe(self)];
        IDatabaseAsync[] databases = [connections.Control.GetDatabase(), connections.Data.GetDatabase()];
        long counted;
        try
        {
            // The first call on each connection teaches the server the script; the others overlap.
            await databases[0].ScriptEvaluateAsync(MembershipScript.Probe, key).WaitWithinAsync(timeout)
                .ConfigureAwait(false);
            await databases[1].ScriptEvaluateAsync(MembershipScript.Probe, key).WaitWithinAsync(timeout)
                .ConfigureAwait(false);
            Task<RedisResult>[] calls = [.. Enumerable.Range(0, Increments - 2)
                .Select(i => databases[i % 2].ScriptEvaluateAsync(MembershipScript.Probe, key))];
            await Task.WhenAll(calls).WaitWithinAsync(timeout * 5).ConfigureAwait(false);
            counted = (long)await databases[0].StringGetAsync(key[0]).WaitWithinAsync(timeout).ConfigureAwait(false);
            await databases[0].KeyDeleteAsync(key[0]).WaitWithinAsync(timeout).ConfigureAwait(false);
        }
        catch (RedisServerException error)
        {
            throw new ClusterConfigurationException(
                $"The Redis server does not run the cluster's scripts: {error.Message} The user needs EVAL, EVALSHA, "
                + $"SCRIPT, and keys {keys.KeyPattern}. Garnet needs --lua and --lua-transaction-mode.",
                error);
        }

        if (counted != Increments)
        {
            throw new ClusterConfigurationException(
                $"The Redis server does not run scripts one at a time: {Increments} increments over two connections "
                + $"counted to {counted}. Garnet needs --lua-transaction-mode. The cluster's map would be damaged.");
        }
    }

    /// <summary>Warns when the server may throw the cluster's map away to make room.</summary>
    public static async Task WarnOfEvictionAsync(IConnectionMultiplexer connection, ILogger logger, TimeSpan timeout)
    {
        try
        {
            foreach (IServer server in connection.GetServers().Where(s => s.IsConnected && !s.IsReplica))
            {
                IGrouping<string, KeyValuePair<string, string>>[] info =
                    await server.InfoAsync("memory").WaitWithinAsync(timeout).ConfigureAwait(false);
                Dictionary<string, string> memory = info.SelectMany(g => g)
                    .GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.First().Value);
                if (memory.TryGetValue("maxmemory", out string? limit) && limit != "0"
                    && memory.TryGetValue("maxmemory_policy", out string? policy)
                    && policy.StartsWith("allkeys", StringComparison.Ordinal))
                {
                    logger.RedisMayEvictTheMap(policy);
                }
            }
        }
        catch (Exception error) when (error is RedisException or RedisCommandException or TimeoutException)
        {
            logger.RedisPolicyUnknown(error.Message);
        }
    }
}
