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
/// <item>D4: a write that waits for nobody is answered at once, and its op leaves with all others that have come until
/// a thread of the pool takes them.</item>
/// <item>D5: once it was stopped the node hears nothing more, and holds nothing.</item>
/// </list>
/// </remarks>
internal sealed partial class ClusterDriver : IClusterInbox, IThreadPoolWorkItem, IAsyncDisposable
{
    private const int MaxSpares = 1_024;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly IClusterLink _link;
    private readonly EnginePartitionStates _states;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ClusterNode _node;
    private readonly Operations.TablesUpkeep _upkeep;

    /// <summary>What came in while the node was being called, on the same thread. Under the gate.</summary>
    private readonly Queue<Action<ClusterNode>> _deferred = new();

    /// <summary>Requests that have ended in this step. Under the gate.</summary>
    private readonly List<RequestSource> _ended = [];

    /// <summary>Who waits for the node to come into some state. Under the gate.</summary>
    private readonly List<(Func<ClusterNode, bool> Condition, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>Requests' waits that are free. Under a lock of its own, since callers give them back.</summary>
    private readonly Stack<RequestSource> _spares = new();
    private readonly Action<RequestSource> _keep;
    private ITimer? _timer;
    private Task? _closing;
    private bool _isInside;
    private bool _isWriting;
    private bool _isStopped;
    private bool _isFlushScheduled;
    private volatile bool _isConnected = true;
    private volatile string? _refusal;

    /// <summary>Creates a node; nothing happens before <see cref="OpenAsync"/>.</summary>
    public ClusterDriver(
        ClusterOptions options,
        IClusterLink link,
        EnginePartitionStates states,
        IPartitionWatcher watcher,
        TimeProvider clock,
        ILogger logger)
    {
        _link = link;
        _states = states;
        _clock = clock;
        _logger = logger;
        _keep = Keep;
        var ports = new ClusterPorts(clock, link, link, states, new ClusterEventLog(logger), watcher);
        int seed = BitConverter.ToInt32(RandomNumberGenerator.GetBytes(sizeof(int)));
        _node = new ClusterNode(DrawId(), options, ports, new Random(seed));
        _upkeep = new Operations.TablesUpkeep(states, _node, options);
    }

    /// <summary>This node.</summary>
    public NodeId Id => _node.Id;

    /// <summary>Entries that were read and of which their primaries are to be told; for tests.</summary>
    public int WaitingReads
    {
        get
        {
            lock (_gate)
            {
                return _upkeep.WaitingReads;
            }
        }
    }

    /// <summary>Whether the backplane carries, as far as this node can tell.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>Why the cluster refuses this node, for good; null while it does not.</summary>
    public string? Refusal => _refusal;

    /// <summary>Opens the link and begins to tick; nothing when it has done so before.</summary>
    /// <exception cref="BackplaneUnavailableException">The link cannot be opened.</exception>
    /// <exception cref="ObjectDisposedException">The node was stopped, perhaps meanwhile.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            if (_timer is not null)
            {
                return;
            }
        }

        await _link.OpenAsync(Id, this, cancellationToken).ConfigureAwait(false);
        bool isStopped;
        lock (_gate)
        {
            isStopped = _isStopped;
            if (!isStopped)
            {
                _timer = _clock.CreateTimer(
                    static driver => ((ClusterDriver)driver!).Tick(),
                    this,
                    Timeout.InfiniteTimeSpan,
                    Timeout.InfiniteTimeSpan);
            }
        }

        if (isStopped)
        {
            // Who stopped it disposed a link that was not open yet.
            await _link.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(ClusterDriver));
        }

        Tick();
    }

    /// <summary>Waits until the node is in some state.</summary>
    /// <param name="condition">Asked at the end of each step; it must only look.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it came into that state in time.</returns>
    public async ValueTask<bool> ReachAsync(
        Func<ClusterNode, bool> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enter(node => _waiters.Add((condition, reached)));
        try
        {
            await reached.Task.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Enter(node => _waiters.RemoveAll(w => w.Reached == reached));
        }
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

    /// <summary>Sends the ops that have come since the last time.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _isFlushScheduled = false;
        }

        Step(node =>
        {
            node.Flush();
            _upkeep.OnFlush();
        });
    }

    void IClusterInbox.OnFrame(ReadOnlySpan<byte> frame, long backlog)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            if (_isInside)
            {
                byte[] copy = frame.ToArray();
                _deferred.Enqueue(node => node.Receive(copy));
                return;
            }

            _isInside = true;
            try
            {
                _node.ReceiveBacklog = backlog;
                _node.Receive(frame);
            }
            finally
            {
                Leave();
            }
        }
    }

    void IClusterInbox.OnStoreReply(long callId, StoreReply reply) => EnterUnlessStopped(node =>
        node.OnStoreReply(callId, reply));

    /// <summary>Ticks no more, begins to close the link and drops all copies: the lease lapses, and what is under way
    /// stays open.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            _timer?.Dispose();
            _closing ??= _link.DisposeAsync().AsTask();
        }

        Enter(node =>
        {
            node.EndRequests();
            node.DropEverything();
            _upkeep.DropEverything();
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
#pragma warning disable VSTHRD003 // It is this class that began it.
        return new ValueTask(_closing!);
#pragma warning restore VSTHRD003
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

    private void EnterUnlessStopped(Action<ClusterNode> step) => Enter(node =>
    {
        if (!_isStopped)
        {
            step(node);
        }
    });

    /// <summary>A step that nobody waits for. What it throws is logged: a node that stopped ticking would hold its
    /// lease and serve nothing, and a thread of the pool would end the process.</summary>
    private void Step(Action<ClusterNode> step)
    {
        try
        {
            EnterUnlessStopped(step);
        }
#pragma warning disable CA1031 // Whatever it is, the next step may succeed.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.ClusterStepFailed(_logger, error);
        }
    }

    private void Tick()
    {
        Step(node =>
        {
            node.Tick();
            _upkeep.OnTick();
            node.Flush();
        });

        lock (_gate)
        {
            if (!_isStopped)
            {
                _timer!.Change(TickPeriod, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends a call of the node: works on what it brought back, and tells who waited.</summary>
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
            _isConnected = _node.IsConnected;
            _refusal = _node.Membership.Refusal;
        }

        foreach (RequestSource source in _ended)
        {
            source.Tell();
        }

        _ended.Clear();
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Condition(_node))
            {
                _waiters[i].Reached.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }
}
