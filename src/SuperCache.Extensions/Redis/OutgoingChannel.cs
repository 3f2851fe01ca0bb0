using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace SuperCache.Redis;

/// <summary>What goes to one channel. One message is on its way at a time; frames that come meanwhile wait and go out
/// together in the next.</summary>
/// <remarks>A message is frames one after the other, each after its length in four bytes, little endian.</remarks>
/// <param name="subscriber">Publishes.</param>
/// <param name="channel">Where to.</param>
/// <param name="budget">Bounds what waits on all channels together.</param>
/// <param name="published">Called when Redis has taken a message.</param>
internal sealed class OutgoingChannel(
    ISubscriber subscriber, RedisChannel channel, PendingBudget budget, Action? published = null)
{
    /// <summary>A message is closed when it has grown beyond this; a larger single frame goes alone.</summary>
    public const int MessageBytes = 256 << 10;

    /// <summary>Buffers of this size and less are kept for the next message.</summary>
    private const int KeptBytes = 512 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<Message> _waiting = new();
    private Message? _open;
    private Message? _spare;
    private bool _isBusy;

    /// <summary>Whether nothing waits and nothing is on its way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_isBusy;
            }
        }
    }

    /// <summary>Sends a frame, or drops it when too much waits.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        int size = frame.Length + sizeof(int);
        if (!budget.TryTake(size))
        {
            return;
        }

        Message? first = null;
        lock (_gate)
        {
            if (_open is not null && _open.Length + size > MessageBytes)
            {
                _waiting.Enqueue(_open);
                _open = null;
            }

            if (_open is null)
            {
                _open = _spare ?? new Message();
                _spare = null;
            }

            _open.Append(frame);
            if (!_isBusy)
            {
                _isBusy = true;
                (first, _open) = (_open, null);
            }
        }

        if (first is not null)
        {
            Publish(first);
        }
    }

    /// <summary>Publishes messages until one does not complete at once.</summary>
    private void Publish(Message message)
    {
        for (Message? next = message; next is not null;)
        {
            Task<long> publishing = StartAsync(next);
            if (!publishing.IsCompleted)
            {
                ConfiguredTaskAwaitable<long>.ConfiguredTaskAwaiter awaiter =
                    publishing.ConfigureAwait(false).GetAwaiter();
                Message sent = next;
                awaiter.UnsafeOnCompleted(() =>
                {
                    if (Finish(sent, publishing) is { } following)
                    {
                        Publish(following);
                    }
                });
                return;
            }

            next = Finish(next, publishing);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "What cannot be published is lost, whatever the reason.")]
    private Task<long> StartAsync(Message message)
    {
        try
        {
            return subscriber.PublishAsync(channel, message.Bytes);
        }
        catch (Exception error)
        {
            return Task.FromException<long>(error);
        }
    }

    /// <summary>Settles a message and says which is next.</summary>
    private Message? Finish(Message message, Task<long> publishing)
    {
        budget.Return(message.Length, isLost: publishing.Exception is not null || publishing.IsCanceled);
        if (publishing.IsCompletedSuccessfully)
        {
            published?.Invoke();
        }

        bool isReusable = publishing.IsCompletedSuccessfully && message.Capacity <= KeptBytes;
        lock (_gate)
        {
            if (isReusable)
            {
                message.Clear();
                _spare = message;
            }

            if (_waiting.TryDequeue(out Message? next))
            {
                return next;
            }

            (next, _open) = (_open, null);
            _isBusy = next is not null;
            return next;
        }
    }

    private sealed class Message
    {
        private byte[] _bytes = new byte[1_024];

        public int Length { get; private set; }

        public int Capacity => _bytes.Length;

        public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

        public void Clear() => Length = 0;

        public void Append(ReadOnlySpan<byte> frame)
        {
            int needed = Length + sizeof(int) + frame.Length;
            if (needed > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
            }

            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(Length), frame.Length);
            frame.CopyTo(_bytes.AsSpan(Length + sizeof(int)));
            Length = needed;
        }
    }
}
