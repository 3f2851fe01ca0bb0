using StackExchange.Redis;
using SuperCache.Identity;

namespace SuperCache.Redis;

/// <summary>Every key and channel that a cluster uses: all begin with its prefix and name, so that one ACL pattern for
/// keys and one for channels covers them, and all keys carry the same hash tag, so that a Redis Cluster keeps them on
/// one server.</summary>
/// <param name="prefix">Separates SuperCache from what else is on the server.</param>
/// <param name="clusterName">Separates clusters.</param>
internal sealed class RedisKeys(string prefix, string clusterName)
{
    private readonly string _tag = "{" + prefix + ":" + clusterName + "}";
    private readonly string _channels = prefix + ":" + clusterName;

    /// <summary>The hash with the map, the nodes and their counters. It never expires.</summary>
    public RedisKey Map => _tag + ":map";

    /// <summary>Everything that the cluster stores, as an ACL pattern.</summary>
    public string KeyPattern => _tag + ":*";

    /// <summary>Everything that the cluster publishes, as an ACL pattern.</summary>
    public string ChannelPattern => _channels + ":*";

    /// <summary>What all nodes listen to.</summary>
    public RedisChannel Everybody => RedisChannel.Literal(_channels + ":all");

    /// <summary>What one node listens to.</summary>
    public RedisChannel NodeChannel(NodeId node) => RedisChannel.Literal($"{_channels}:n:{node.Value:x16}");

    /// <summary>The counter of a node's self-test; it expires by itself.</summary>
    public RedisKey Probe(NodeId node) => $"{_tag}:probe:{node.Value:x16}";
}
