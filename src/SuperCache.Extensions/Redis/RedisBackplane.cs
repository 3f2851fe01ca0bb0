using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.Redis;

/// <summary>Carries frames through Redis' pub/sub: one channel for each node, one for all.</summary>
/// <remarks>Redis delivers at most once. What is lost, here or there, is found and sent again by the
/// protocol.</remarks>
/// <param name="subscriber">Publishes and subscribes.</param>
/// <param name="keys">Names the channels.</param>
/// <param name="inbox">Where what comes in goes.</param>
/// <param name="budget">Bounds what waits to be published.</param>
/// <param name="logger">Hears of gaps.</param>
internal sealed class RedisBackplane(
    ISubscriber subscriber, RedisKeys keys, IClusterInbox inbox, PendingBudget budget, ILogger logger) : IBackplane
{
    /// <summary>Channels of nodes that are gone are dropped once there are this many.</summary>
    private const int ManyChannels = 256;

    private readonly ConcurrentDictionary<NodeId, OutgoingChannel> _outgoing = new();
    private readonly OutgoingChannel _toAll = new(subscriber, keys.Everybody, budget);
    private readonly IncomingChannel _own = new(inbox, logger);
    private readonly IncomingChannel _all = new(inbox, logger);

    /// <summary>Messages that were dropped because too many waited here.</summary>
    public long Dropped => _own.Dropped + _all.Dropped;

    /// <summary>Messages that wait to be read.</summary>
    public int Waiting => _own.Waiting + _all.Waiting;

    /// <summary>Messages on the channels that were no frames.</summary>
    public long Malformed => _own.Malformed + _all.Malformed;

    /// <summary>Begins to listen.</summary>
    public async Task OpenAsync(NodeId self)
    {
        await _own.OpenAsync(subscriber, keys.NodeChannel(self)).ConfigureAwait(false);
        await _all.OpenAsync(subscriber, keys.Everybody).ConfigureAwait(false);
    }

    /// <summary>Stops listening.</summary>
    public async Task CloseAsync()
    {
        await _own.CloseAsync().ConfigureAwait(false);
        await _all.CloseAsync().ConfigureAwait(false);
    }

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

    private OutgoingChannel Create(NodeId node) => new(subscriber, keys.NodeChannel(node), budget);

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
