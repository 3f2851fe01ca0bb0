using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Diagnostics;
using SuperCache.Replication;

namespace SuperCache.Redis;

/// <summary>What comes from one channel, one message after the other, in the order of arrival.</summary>
/// <remarks>The library's queue has no limit, so this watches it. When more than
/// <see cref="MostMessages"/> or about <see cref="MostBytes"/> wait, everything is dropped until half of that is left:
/// one long gap, which the protocol closes by position, is better than many short ones.
/// <para>The library makes a subscription anew when its connection was lost, but where that fails it stays silent for
/// good, on a connection that stands. This node's own messages tell: once Redis has taken
/// <see cref="UnheardMessages"/> of them on this channel and none came back, the channel is subscribed again.</para>
/// </remarks>
/// <param name="subscriber">Subscribes.</param>
/// <param name="channel">The channel.</param>
/// <param name="inbox">Where the frames go.</param>
/// <param name="logger">Hears of gaps.</param>
internal sealed class IncomingChannel(
    ISubscriber subscriber, RedisChannel channel, IClusterInbox inbox, ILogger logger)
{
    /// <summary>How many messages that Redis took may stay unheard.</summary>
    public const int UnheardMessages = 8;

    /// <summary>The most messages that may wait.</summary>
    public const int MostMessages = 10_000;

    /// <summary>The most bytes that may wait, by the mean size of the latest messages.</summary>
    public const long MostBytes = 32 << 20;

    private ChannelMessageQueue? _queue;
    private double _meanBytes;
    private bool _isDropping;
    private long _dropped;
    private long _malformed;
    private int _unheard;
    private int _isMending;
    private volatile bool _isClosed;

    /// <summary>Messages that were dropped because too many waited.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Messages that wait.</summary>
    public int Waiting
    {
        get
        {
            int waiting = 0;
            _queue?.TryGetCount(out waiting);
            return waiting;
        }
    }

    /// <summary>Messages that were not ours to understand.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Begins to listen.</summary>
    public async Task OpenAsync()
    {
        _queue = await subscriber.SubscribeAsync(channel).ConfigureAwait(false);
        _queue.OnMessage(OnMessage);
        if (_isClosed)
        {
            // Who closed it meanwhile had nothing to unsubscribe from.
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Redis has taken a message of this node on this channel.</summary>
    public void OnPublished()
    {
        bool isDeaf = Interlocked.Increment(ref _unheard) > UnheardMessages && Waiting == 0 && !_isClosed;
        if (isDeaf && Interlocked.Exchange(ref _isMending, 1) == 0)
        {
            _ = SubscribeAgainAsync();
        }
    }

    /// <summary>Stops listening.</summary>
    public async Task CloseAsync()
    {
        _isClosed = true;
        if (_queue is { } queue)
        {
            await queue.UnsubscribeAsync().ConfigureAwait(false);
        }
    }

    private async Task SubscribeAgainAsync()
    {
        logger.SubscriptionLost(UnheardMessages);
        try
        {
            // Without this the library would believe that it is subscribed.
            await _queue!.UnsubscribeAsync().ConfigureAwait(false);
            await OpenAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            logger.SubscriptionFailed(error.Message);
        }
        finally
        {
            Volatile.Write(ref _unheard, 0);
            Volatile.Write(ref _isMending, 0);
        }

        if (_isClosed)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a message; the library would swallow what is thrown here without a word.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The next message must be heard whatever this one did.")]
    private void OnMessage(ChannelMessage message)
    {
        Volatile.Write(ref _unheard, 0);
        try
        {
            var bytes = (ReadOnlyMemory<byte>)message.Message;
            if (!MustDrop(bytes.Length))
            {
                Deliver(bytes.Span);
            }
        }
        catch (Exception error)
        {
            logger.FrameFailed(error);
        }
    }

    private bool MustDrop(int size)
    {
        _meanBytes += (size - _meanBytes) / 32;
        int waiting = Waiting;
        double share = Math.Max((double)waiting / MostMessages, waiting * _meanBytes / MostBytes);
        if (share > 1 && !_isDropping)
        {
            logger.ReceiveQueueFull(waiting);
        }

        _isDropping = share > (_isDropping ? 0.5 : 1);
        if (_isDropping)
        {
            Interlocked.Increment(ref _dropped);
        }

        return _isDropping;
    }

    private void Deliver(ReadOnlySpan<byte> message)
    {
        while (message.Length >= sizeof(int))
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(message);
            message = message[sizeof(int)..];
            if (length < 0 || length > message.Length)
            {
                break;
            }

            inbox.OnFrame(message[..length], (long)(Waiting * _meanBytes));
            message = message[length..];
        }

        if (message.Length > 0)
        {
            Interlocked.Increment(ref _malformed);
        }
    }
}
