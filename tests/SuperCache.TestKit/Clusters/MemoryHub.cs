using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.TestKit.Clusters;

/// <summary>Connects engines of one process to a cluster: a backplane and a membership store in memory.</summary>
/// <remarks>Each node's frames come in order on one thread at a time, like those of a Redis channel. Faults are set by
/// the test.</remarks>
internal sealed class MemoryHub(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly InMemoryMembershipStore _store = new(clock);
    private readonly Dictionary<NodeId, MemoryLink> _open = [];
    private int _underWay;
    private TaskCompletionSource? _quiet;

    /// <summary>Whether frames are lost and the store does not answer, as when the server is gone.</summary>
    public bool IsDown { get; set; }

    /// <summary>Frames that were handed over.</summary>
    public long Frames { get; private set; }

    /// <summary>Bytes of these frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>Empties the membership store, as a server does that is flushed or starts again without its
    /// data.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            _store.State = MembershipState.Empty;
        }
    }

    /// <summary>A connection for one more node.</summary>
    public MemoryLink Connect() => new(this);

    /// <summary>Completes when nothing is on its way and nobody works on anything.</summary>
    public Task WhenQuietAsync()
    {
        lock (_gate)
        {
            if (_underWay == 0)
            {
                return Task.CompletedTask;
            }

            _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task;
        }
    }

    internal void Open(MemoryLink link)
    {
        lock (_gate)
        {
            _open[link.Self] = link;
        }
    }

    internal void Close(MemoryLink link)
    {
        lock (_gate)
        {
            _open.Remove(link.Self);
        }
    }

    internal void Carry(MemoryLink sender, NodeId destination, ReadOnlySpan<byte> frame)
    {
        MemoryLink[] receivers;
        lock (_gate)
        {
            if (IsDown || sender.IsCut)
            {
                return;
            }

            Frames++;
            Bytes += frame.Length;
            receivers = destination == NodeId.None
                ? [.. _open.Values.Where(link => link != sender)]
                : _open.TryGetValue(destination, out MemoryLink? link) ? [link] : [];
        }

        byte[] copy = receivers.Length == 0 ? [] : frame.ToArray();
        foreach (MemoryLink receiver in receivers)
        {
            if (!receiver.IsCut)
            {
                receiver.Post(inbox => inbox.OnFrame(copy, 0));
            }
        }
    }

    internal void Execute(MemoryLink caller, long callId, StoreRequest request)
    {
        if (IsDown || caller.IsCut)
        {
            return;
        }

        StoreReply reply;
        lock (_gate)
        {
            reply = _store.Execute(request);
        }

        caller.Post(inbox => inbox.OnStoreReply(callId, reply));
    }

    internal void Begin()
    {
        lock (_gate)
        {
            _underWay++;
        }
    }

    internal void End()
    {
        TaskCompletionSource? quiet = null;
        lock (_gate)
        {
            if (--_underWay == 0)
            {
                (quiet, _quiet) = (_quiet, null);
            }
        }

        quiet?.SetResult();
    }
}
