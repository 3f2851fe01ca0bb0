using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Diagnostics;
using SuperCache.Identity;

namespace SuperCache.Redis;

/// <summary>Looks at the server before a node trusts it with its membership.</summary>
internal static class RedisServerCheck
{
    // How many scripts, and how often each looks: short ones where a script keeps everybody else waiting, long ones
    // where it keeps only its own keys and where a script that is over too soon would prove nothing.
    private static readonly (int Scripts, int Looks) OneThread = (20, 1_000);
    private static readonly (int Scripts, int Looks) ManyThreads = (5, 20_000);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Checks that scripts run one at a time there. What passes by itself is waited for: a server that loads its data,
    /// lacks replicas, is being replaced, or is lost for a moment.
    /// </summary>
    /// <param name="connections">Both are used.</param>
    /// <param name="keys">Names the key that is written.</param>
    /// <param name="self">This node.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="begun">The timestamp at which the node began to join.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClusterConfigurationException">Scripts are not atomic there, or not allowed.</exception>
    /// <exception cref="BackplaneUnavailableException">The server could not run them within the time to
    /// join.</exception>
    public static async Task RequireScriptsAsync(
        RedisConnections connections,
        RedisKeys keys,
        NodeId self,
        SuperCacheRedisOptions options,
        long begun,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RequireAtomicScriptsAsync(connections, keys, self, options.RequestTimeout).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                if (Stopwatch.GetElapsedTime(begun) > options.JoinTimeout)
                {
                    throw new BackplaneUnavailableException(
                        $"Redis at {RedisConnections.Where(options)} could not run the cluster's scripts within "
                        + $"{options.JoinTimeout}. See docs/operations.md, \"A node will not join\". {error.Message}",
                        error);
                }
            }

            await Task.Delay(BetweenAttempts, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs scripts on one connection that look at a key again and again, while the other connection writes it. Where
    /// scripts run one at a time, no script sees the key change. Takes Redis some 10 ms, never more than 0.5 ms at a
    /// stretch.
    /// </summary>
    /// <exception cref="ClusterConfigurationException">Scripts are not atomic there, or not allowed.</exception>
    private static async Task RequireAtomicScriptsAsync(
        RedisConnections connections, RedisKeys keys, NodeId self, TimeSpan timeout)
    {
        RedisKey key = keys.Probe(self);
        IDatabaseAsync looker = connections.Control.GetDatabase();
        IDatabaseAsync writer = connections.Data.GetDatabase();
        bool manyThreads = connections.Control.GetServers()
            .Any(s => s.IsConnected && s.GetProductVariant(out _) is ProductVariant.Garnet or ProductVariant.Dragonfly);
        (int scripts, int looksEach) = manyThreads ? ManyThreads : OneThread;
        bool seen = false;
        using var looked = new CancellationTokenSource();
        Task writes = Task.CompletedTask;
        try
        {
            writes = WriteUntilAsync(writer, key, timeout, looked.Token);
            for (int script = 0; script < scripts && !seen; script++)
            {
                RedisResult change = await looker.ScriptEvaluateAsync(MembershipScript.Probe, [key], [looksEach])
                    .WaitWithinAsync(timeout).ConfigureAwait(false);
                seen = (long)change != 0;
            }

            await looked.CancelAsync().ConfigureAwait(false);
            await writes.ConfigureAwait(false);
            await writer.KeyDeleteAsync(key).WaitWithinAsync(timeout).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (IsConfiguration(error.Message))
        {
            throw new ClusterConfigurationException(
                $"The Redis server does not run the cluster's scripts: {error.Message} The user needs EVAL, EVALSHA, "
                + $"SCRIPT, and keys {keys.KeyPattern}. Garnet needs --lua and --lua-transaction-mode.",
                error);
        }
        finally
        {
            await looked.CancelAsync().ConfigureAwait(false);
            await writes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (seen)
        {
            throw new ClusterConfigurationException(
                "The Redis server does not run scripts one at a time: a script saw another connection's write. "
                + "Garnet needs --lua-transaction-mode. The cluster's map would be damaged.");
        }
    }

    /// <summary>Whether an error of the server stays until somebody changes its configuration: a right that lacks, a
    /// command that it does not know or a script that it does not run. Everything else has a code of its own.</summary>
    private static bool IsConfiguration(string error) =>
        error.StartsWith("NOPERM", StringComparison.Ordinal)
        || (error.StartsWith("ERR", StringComparison.Ordinal)
            && (error.Contains("unknown", StringComparison.OrdinalIgnoreCase)
                || error.Contains("script", StringComparison.OrdinalIgnoreCase)));

    private static async Task WriteUntilAsync(
        IDatabaseAsync writer, RedisKey key, TimeSpan timeout, CancellationToken done)
    {
        const int AtOnce = 16;
        for (long value = 0; !done.IsCancellationRequested; value += AtOnce)
        {
            // Written out: the client would send SETEX, which the user need not have.
            await Task.WhenAll(Enumerable.Range(0, AtOnce)
                    .Select(i => writer.ExecuteAsync("SET", key, value + i, "EX", 60)))
                .WaitWithinAsync(timeout).ConfigureAwait(false);
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
