using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.TestKit.Clusters;

/// <summary>One node's connection to a <see cref="MemoryHub"/>.</summary>
internal sealed class MemoryLink(MemoryHub hub) : IClusterLink, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Action<IClusterInbox>> _inbox = new();
    private IClusterInbox? _receiver;
    private bool _isPumping;

    /// <summary>Whether nothing gets through any more, in either direction.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether its node has opened it and has not disposed it.</summary>
    public bool IsOpen => _receiver is not null;

    public NodeId Self { get; private set; }

    public ValueTask OpenAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken)
    {
        if (hub.IsDown)
        {
            throw new BackplaneUnavailableException("The hub is down.");
        }

        (Self, _receiver) = (self, inbox);
        hub.Open(this);
        return default;
    }

    public void Send(NodeId destination, ReadOnlySpan<byte> frame) => hub.Carry(this, destination, frame);

    public void Broadcast(ReadOnlySpan<byte> frame) => hub.Carry(this, NodeId.None, frame);

    public void Begin(long callId, StoreRequest request)
    {
        hub.Begin();
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                hub.Execute(this, callId, request);
                hub.End();
            },
            null);
    }

    public ValueTask DisposeAsync()
    {
        hub.Close(this);
        _receiver = null;
        return default;
    }

    public void Post(Action<IClusterInbox> item)
    {
        hub.Begin();
        lock (_gate)
        {
            _inbox.Enqueue(item);
            if (_isPumping)
            {
                return;
            }

            _isPumping = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Action<IClusterInbox>? item;
            lock (_gate)
            {
                if (!_inbox.TryDequeue(out item))
                {
                    _isPumping = false;
                    return;
                }
            }

            if (_receiver is { } receiver)
            {
                item(receiver);
            }

            hub.End();
        }
    }
}
