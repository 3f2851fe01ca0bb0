using StackExchange.Redis;

namespace SuperCache;

/// <summary>How a cache reaches the Redis server that makes its nodes one cluster, and what it is there. Read once,
/// when the cache joins.</summary>
/// <remarks>Exactly one of <see cref="Configuration"/>, <see cref="ConfigurationOptions"/> and
/// <see cref="ConnectionMultiplexerFactory"/> says where Redis is. Redis 6.2 or later, Valkey, or Garnet with Lua
/// transactions.</remarks>
public sealed class SuperCacheRedisOptions
{
    /// <summary>Where Redis is, in StackExchange.Redis' notation, such as
    /// <c>redis-1:6379,redis-2:6379,ssl=true,user=cache,password=…</c>.</summary>
    /// <value>Default: none. The cache opens and owns its connections and sets their timeouts itself.</value>
    public string? Configuration { get; set; }

    /// <summary>Where Redis is, with everything a string cannot hold, such as certificates. A copy is used.</summary>
    /// <value>Default: none. The cache opens and owns its connections and sets their timeouts itself.</value>
    public ConfigurationOptions? ConfigurationOptions { get; set; }

    /// <summary>Gives the connection that the application already has.</summary>
    /// <value>Default: none. Called once; the application keeps owning the connection, with the timeouts it chose.
    /// A burst of its own commands then delays the cluster's.</value>
    public Func<Task<IConnectionMultiplexer>>? ConnectionMultiplexerFactory { get; set; }

    /// <summary>The cluster that the cache belongs to. Nodes of one name share their records; names do not
    /// meet.</summary>
    /// <value>1 to 64 letters, digits, <c>.</c>, <c>_</c> or <c>-</c>. Default: none, which is the cache's
    /// name.</value>
    public string? ClusterName { get; set; }

    /// <summary>What people read about this node in statistics and logs.</summary>
    /// <value>At most 64 characters. Default: none, which is the machine's name and the process id.</value>
    public string? NodeLabel { get; set; }

    /// <summary>What every key and channel begins with, for access rules.</summary>
    /// <value>1 to 64 letters, digits, <c>.</c>, <c>_</c> or <c>-</c>. Default: <c>sc</c>: keys are
    /// <c>{sc:cluster}:*</c>, channels <c>sc:cluster:*</c>. Equal on all nodes of a cluster.</value>
    public string KeyPrefix { get; set; } = "sc";

    /// <summary>How long a node that no longer shows itself keeps its partitions. Shorter fails over sooner, longer
    /// forgives longer pauses of the process.</summary>
    /// <value>1 to 60 seconds. Default: 6 seconds. Equal on all nodes of a cluster.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a call waits for another node or for Redis before it fails.</summary>
    /// <value>100 milliseconds to 60 seconds. Default: 2 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the start of the application waits for the node to be in its cluster before it
    /// fails.</summary>
    /// <value>1 second to 10 minutes. Default: 30 seconds.</value>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the stop of the application waits for the node to hand its partitions over.</summary>
    /// <value>0 to 10 minutes; 0 does not hand over. Default: 10 seconds. The host's own shutdown timeout ends it
    /// sooner.</value>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes may wait to be published; what comes on top is dropped, counted, and sent again by the
    /// protocol.</summary>
    /// <value>20 to 1,024 mebibytes, in bytes. Default: 64 mebibytes.</value>
    public long MaxPendingBytes { get; set; } = 64L << 20;
}
