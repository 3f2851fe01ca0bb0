using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SuperCache.Cluster;
using SuperCache.Diagnostics;
using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.Replication;

/// <summary>Pumps one <see cref="ClusterNode"/>: the one-at-a-time entrance for callers, for the link and for
/// ticks.</summary>
/// <remarks>
/// <list type="number">
/// <item>D1: the node is called by one thread at a time, under the gate. What a call of the node brings back to this
/// door on the same thread (a link that answers at once) waits until that call has returned.</item>
/// <item>D2: nothing waits and no caller's code runs while the gate is held.</item>
/// <item>D3: a tick sets the next one, so that ticks never meet and a clock that jumps causes one.</item>
/// </list>
/// </remarks>
internal sealed class ClusterDriver : IClusterInbox, IAsyncDisposable
{
    private const int MaxSpares = 1_024;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly IClusterLink _link;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ClusterNode _node;

    /// <summary>What came in while the node was being called, on the same thread. Under the gate.</summary>
    private readonly Queue<Action<ClusterNode>> _deferred = new();

    /// <summary>Who waits for the node to come into some state. Under the gate.</summary>
    private readonly List<(Func<ClusterNode, bool> Condition, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>Requests' waits that are free. Under a lock of its own, since callers give them back.</summary>
    private readonly Stack<RequestSource> _spares = new();
    private readonly Action<RequestSource> _keep;
    private ITimer? _timer;
    private bool _isInside;
    private bool _isStopped;

    /// <summary>Creates a node; nothing happens before <see cref="OpenAsync"/>.</summary>
    public ClusterDriver(
        ClusterOptions options, IClusterLink link, IPartitionStateFactory states, TimeProvider clock, ILogger logger)
    {
        _link = link;
        _clock = clock;
        _logger = logger;
        _keep = Keep;
        var ports = new ClusterPorts(clock, link, link, states, new ClusterEventLog(logger));
        int seed = BitConverter.ToInt32(RandomNumberGenerator.GetBytes(sizeof(int)));
        _node = new ClusterNode(DrawId(), options, ports, new Random(seed));
    }

    /// <summary>This node.</summary>
    public NodeId Id => _node.Id;

    /// <summary>Opens the link and begins to tick.</summary>
    /// <exception cref="BackplaneUnavailableException">The link cannot be opened.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await _link.OpenAsync(Id, this, cancellationToken).ConfigureAwait(false);
        _timer = _clock.CreateTimer(
            static driver => ((ClusterDriver)driver!).Tick(), this, TickPeriod, Timeout.InfiniteTimeSpan);
        Tick();
    }

    /// <summary>Completes as soon as the node is in some state.</summary>
    public Task WhenAsync(Func<ClusterNode, bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter(node => _waiters.Add((condition, reached)));
        return reached.Task;
    }

    /// <summary>Begins a request of this node's caller.</summary>
    /// <remarks>When the token is cancelled the wait ends; the request goes on, and may have been executed or may yet
    /// be.</remarks>
    public ValueTask<RequestOutcome> RequestAsync(in ClientRequest request, CancellationToken cancellationToken)
    {
        RequestSource source = Rent();
        ValueTask<RequestOutcome> task = source.Task;
        lock (_gate)
        {
            _isInside = true;
            try
            {
                _node.Begin(request, source);
            }
            finally
            {
                Leave();
            }
        }

        return cancellationToken.CanBeCanceled && !task.IsCompleted
            ? new ValueTask<RequestOutcome>(task.AsTask().WaitAsync(cancellationToken))
            : task;
    }

    /// <summary>Does something with the node, alone.</summary>
    public void Enter(Action<ClusterNode> step)
    {
        lock (_gate)
        {
            if (_isInside)
            {
                _deferred.Enqueue(step);
                return;
            }

            _isInside = true;
            try
            {
                step(_node);
            }
            finally
            {
                Leave();
            }
        }
    }

    /// <summary>Looks at the node, alone.</summary>
    public T Look<T>(Func<ClusterNode, T> question)
    {
        lock (_gate)
        {
            return question(_node);
        }
    }

    void IClusterInbox.OnFrame(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_isInside)
            {
                byte[] copy = frame.ToArray();
                _deferred.Enqueue(node => node.Receive(copy));
                return;
            }

            _isInside = true;
            try
            {
                _node.Receive(frame);
            }
            finally
            {
                Leave();
            }
        }
    }

    void IClusterInbox.OnStoreReply(long callId, StoreReply reply) => Enter(node => node.OnStoreReply(callId, reply));

    /// <summary>Ticks no more: the lease lapses, and what is under way stays open.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            _timer?.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
        return _link.DisposeAsync();
    }

    private static NodeId DrawId()
    {
        ulong value = 0;
        while (value == 0)
        {
            value = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }

        return new NodeId(value);
    }

    private void Tick()
    {
        try
        {
            Enter(node => node.Tick());
        }
#pragma warning disable CA1031 // A node that stopped ticking would hold its lease and serve nothing.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.ClusterStepFailed(_logger, error);
        }

        lock (_gate)
        {
            if (!_isStopped)
            {
                _timer!.Change(TickPeriod, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends a call of the node: works on what it brought back, and tells who waited for where it is
    /// now.</summary>
    private void Leave()
    {
        try
        {
            while (_deferred.TryDequeue(out Action<ClusterNode>? step))
            {
                step(_node);
            }
        }
        finally
        {
            _isInside = false;
        }

        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Condition(_node))
            {
                _waiters[i].Reached.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    private RequestSource Rent()
    {
        lock (_spares)
        {
            return _spares.TryPop(out RequestSource? spare) ? spare : new RequestSource(_keep);
        }
    }

    private void Keep(RequestSource source)
    {
        lock (_spares)
        {
            if (_spares.Count < MaxSpares)
            {
                _spares.Push(source);
            }
        }
    }
}
