using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.Redis;

/// <summary>Carries frames through Redis' pub/sub: one channel for each node, one for all.</summary>
/// <remarks>Redis delivers at most once. What is lost, here or there, is found and sent again by the
/// protocol.</remarks>
internal sealed class RedisBackplane : IBackplane
{
    /// <summary>Channels of nodes that are gone are dropped once there are this many.</summary>
    private const int ManyChannels = 256;

    private readonly ConcurrentDictionary<NodeId, OutgoingChannel> _outgoing = new();
    private readonly ISubscriber _subscriber;
    private readonly RedisKeys _keys;
    private readonly NodeId _self;
    private readonly PendingBudget _budget;
    private readonly OutgoingChannel _toAll;
    private readonly IncomingChannel _own;
    private readonly IncomingChannel _all;

    /// <param name="subscriber">Publishes and subscribes.</param>
    /// <param name="keys">Names the channels.</param>
    /// <param name="self">This node.</param>
    /// <param name="inbox">Where what comes in goes.</param>
    /// <param name="budget">Bounds what waits to be published.</param>
    /// <param name="logger">Hears of gaps.</param>
    public RedisBackplane(
        ISubscriber subscriber,
        RedisKeys keys,
        NodeId self,
        IClusterInbox inbox,
        PendingBudget budget,
        ILogger logger)
    {
        (_subscriber, _keys, _self, _budget) = (subscriber, keys, self, budget);
        _own = new IncomingChannel(subscriber, keys.NodeChannel(self), inbox, logger);
        _all = new IncomingChannel(subscriber, keys.Everybody, inbox, logger);
        _toAll = new OutgoingChannel(subscriber, keys.Everybody, budget, _all.OnPublished);
    }

    /// <summary>Messages that were dropped because too many waited here.</summary>
    public long Dropped => _own.Dropped + _all.Dropped;

    /// <summary>Messages that wait to be read.</summary>
    public int Waiting => _own.Waiting + _all.Waiting;

    /// <summary>Messages on the channels that were no frames.</summary>
    public long Malformed => _own.Malformed + _all.Malformed;

    /// <summary>Begins to listen.</summary>
    public async Task OpenAsync()
    {
        await _own.OpenAsync().ConfigureAwait(false);
        await _all.OpenAsync().ConfigureAwait(false);
    }

    /// <summary>Stops listening: to both channels from now on, also where Redis does not answer about the
    /// first.</summary>
    public Task CloseAsync() => Task.WhenAll(_own.CloseAsync(), _all.CloseAsync());

    /// <inheritdoc/>
    public void Send(NodeId destination, ReadOnlySpan<byte> frame)
    {
        if (!_outgoing.TryGetValue(destination, out OutgoingChannel? channel))
        {
            DropIdleChannels();
            channel = _outgoing.GetOrAdd(
                destination, static (node, self) => self.Create(node), this);
        }

        channel.Send(frame);
    }

    /// <inheritdoc/>
    public void Broadcast(ReadOnlySpan<byte> frame) => _toAll.Send(frame);

    private OutgoingChannel Create(NodeId node) =>
        new(_subscriber, _keys.NodeChannel(node), _budget, node == _self ? _own.OnPublished : null);

    private void DropIdleChannels()
    {
        if (_outgoing.Count < ManyChannels)
        {
            return;
        }

        foreach ((NodeId node, OutgoingChannel channel) in _outgoing)
        {
            if (channel.IsIdle)
            {
                _outgoing.TryRemove(node, out _);
            }
        }
    }
}
