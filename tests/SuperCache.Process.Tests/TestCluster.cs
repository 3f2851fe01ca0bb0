using System.Diagnostics;
using System.Globalization;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Process.Tests;

/// <summary>A redis-server and node processes that meet at it, each through a proxy of its own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Short, so that the suite is; a real one is four times as long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(1_500);

    /// <summary>As many as a node takes without being told.</summary>
    public const int Partitions = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly ReplicationMode _mode;
    private readonly Dictionary<NodeProcess, RedisProxy> _proxies = [];
    private int _started;

    private TestCluster(RedisProcess redis, ReplicationMode mode) => (Redis, _mode) = (redis, mode);

    public RedisProcess Redis { get; }

    /// <summary>The nodes that are up, in the order of their start.</summary>
    public List<NodeProcess> Nodes { get; } = [];

    /// <summary>Starts a server and nodes, and waits until every partition has its copies.</summary>
    public static async Task<TestCluster> StartAsync(ReplicationMode mode, int nodes = 3, bool isPersistent = false)
    {
        var cluster = new TestCluster(await RedisProcess.StartAsync(isPersistent), mode);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => cluster.AddAsync()));
            await cluster.UntilQuietAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more node.</summary>
    public async Task<NodeProcess> AddAsync()
    {
        var proxy = new RedisProxy(Redis.Port);
        string label = "n" + Interlocked.Increment(ref _started).ToString(CultureInfo.InvariantCulture);
        NodeProcess node = await NodeProcess.StartAsync(
            label,
            "--redis", proxy.EndPoint,
            "--mode", _mode.ToString(),
            "--lease", Lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        lock (Nodes)
        {
            Nodes.Add(node);
            _proxies[node] = proxy;
        }

        return node;
    }

    /// <summary>The proxy between a node and Redis.</summary>
    public RedisProxy ProxyOf(NodeProcess node) => _proxies[node];

    /// <summary>Ends a node at once.</summary>
    public async Task KillAsync(NodeProcess node)
    {
        Forget(node);
        await node.DisposeAsync();
    }

    /// <summary>Stops a node in order.</summary>
    public async Task StopAsync(NodeProcess node)
    {
        await node.StopAsync();
        Forget(node);
        await node.DisposeAsync();
    }

    /// <summary>Waits until the cluster is whole and nothing is behind.</summary>
    public Task UntilQuietAsync() => UntilWholeAsync(mostLag: 0);

    /// <summary>Waits until all nodes see each other and every partition is served with all its copies.</summary>
    public Task UntilWholeAsync(long mostLag = long.MaxValue) => UntilAsync("the cluster is whole", async () =>
    {
        NodeProcess[] nodes = Up();
        NodeHealth[] health = await Task.WhenAll(nodes.Select(n => n.HealthAsync()));
        return health.All(h => h is { NotServing: 0, Missing: 0, CanServe: true }
                && h.Nodes == nodes.Length && h.Lag <= mostLag)
            && health.Sum(h => h.Led) == Partitions;
    });

    /// <summary>Waits until something holds, asking every 20 milliseconds.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (NodeException)
            {
                // Not yet.
            }

            if (clock.Elapsed > Patience)
            {
                Assert.Fail($"Waited in vain until {what}.\n{await DescribeAsync()}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Waits until all nodes hold the same, and each record is there twice.</summary>
    public Task UntilCopiesAreEqualAsync() => UntilAsync("all copies are equal", async () =>
    {
        NodeProcess[] nodes = Up();
        Dictionary<string, long>[] dumps = await Task.WhenAll(nodes.Select(n => n.DumpAsync()));
        return dumps.SelectMany(d => d).GroupBy(r => r.Key).All(g =>
            g.Count() == Math.Min(2, nodes.Length) && g.Select(r => r.Value).Distinct().Count() == 1);
    });

    /// <summary>A node that leads a partition that the key is in.</summary>
    public async Task<(NodeProcess Primary, NodeProcess Other)> WhoLeadsAsync()
    {
        NodeProcess[] nodes = Up();
        NodeHealth[] health = await Task.WhenAll(nodes.Select(n => n.HealthAsync()));
        int primary = Array.FindIndex(health, h => h.Led > 0);
        return (nodes[primary], nodes[(primary + 1) % nodes.Length]);
    }

    public NodeProcess[] Up()
    {
        lock (Nodes)
        {
            return [.. Nodes];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (NodeProcess node in Up())
        {
            await KillAsync(node);
        }

        await Redis.DisposeAsync();
    }

    private async Task<string> DescribeAsync()
    {
        var text = new System.Text.StringBuilder();
        foreach (NodeProcess node in Up())
        {
            string health;
            try
            {
                health = (await node.HealthAsync()).ToString();
            }
            catch (Exception error) when (error is NodeException or TimeoutException)
            {
                health = error.Message;
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"--- {node.Label}: {health}\n{node.Log}");
        }

        return text.ToString();
    }

    private void Forget(NodeProcess node)
    {
        RedisProxy? proxy;
        lock (Nodes)
        {
            Nodes.Remove(node);
            _proxies.Remove(node, out proxy);
        }

        _ = proxy?.DisposeAsync().AsTask();
    }
}
