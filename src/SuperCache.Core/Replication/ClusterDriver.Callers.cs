using System.Runtime.CompilerServices;
using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.Replication;

/// <content>What this node's callers ask of it.</content>
internal sealed partial class ClusterDriver
{
    /// <summary>Executes a write of this node's caller at once, where this node leads and the mode waits for
    /// nobody.</summary>
    /// <returns>False when it must be begun as a request; nothing was changed.</returns>
    public bool TryWriteHere(PartitionId partition, byte[] operation, out byte[] result)
    {
        lock (_gate)
        {
            return TryWrite(partition, operation, out result);
        }
    }

    /// <summary>Executes a put of this node's caller at once; as <see cref="TryWriteHere"/>, with the record at
    /// hand.</summary>
    public bool TryPutHere<TRecord>(
        PartitionId partition, byte[] operation, in TRecord record, ulong hash, out byte[] result)
        where TRecord : ITuple
    {
        lock (_gate)
        {
            ThrowIfInside();
            _states.Stage(operation, in record, hash);
            try
            {
                return TryWrite(partition, operation, out result);
            }
            finally
            {
                _states.Unstage();
            }
        }
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
            Begin(new ReadOnlySpan<ClientRequest>(in request), new ReadOnlySpan<RequestSource>(in source));
        }

        return CancellableAsync(task, cancellationToken);
    }

    /// <summary>Begins requests that belong together.</summary>
    public ValueTask<RequestOutcome>[] RequestAll(
        ReadOnlySpan<ClientRequest> requests, CancellationToken cancellationToken)
    {
        var sources = new RequestSource[requests.Length];
        var tasks = new ValueTask<RequestOutcome>[requests.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = Rent();
            tasks[i] = sources[i].Task;
        }

        lock (_gate)
        {
            Begin(requests, sources);
        }

        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = CancellableAsync(tasks[i], cancellationToken);
        }

        return tasks;
    }

    /// <summary>Refuses a caller who is inside already: a key or a record that is being compared.</summary>
    /// <exception cref="InvalidOperationException">This thread is inside. Nothing was changed.</exception>
    public void ThrowIfInside()
    {
        if (_gate.IsHeldByCurrentThread && (_isInside || _isWriting))
        {
            throw new InvalidOperationException(
                "A key or a record called the cache while the cache compared it. Equals, GetHashCode and CompareTo "
                + "may not.");
        }
    }

    private static ValueTask<RequestOutcome> CancellableAsync(
        ValueTask<RequestOutcome> task, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled && !task.IsCompleted
            ? new ValueTask<RequestOutcome>(task.AsTask().WaitAsync(cancellationToken))
            : task;

    private bool TryWrite(PartitionId partition, byte[] operation, out byte[] result)
    {
        ThrowIfInside();
        _isWriting = true;
        bool isDone;
        try
        {
            isDone = _node.TryWriteHere(partition, operation, out result);
        }
        finally
        {
            _isWriting = false;
        }

        if (isDone && !_isFlushScheduled)
        {
            _isFlushScheduled = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return isDone;
    }

    private void Begin(ReadOnlySpan<ClientRequest> requests, ReadOnlySpan<RequestSource> sources)
    {
        ThrowIfInside();
        _isInside = true;
        try
        {
            _node.Begin(requests, sources);
            if (_isStopped)
            {
                // Nobody would end them later.
                _node.EndRequests();
            }
        }
        finally
        {
            Leave();
        }
    }

    private RequestSource Rent()
    {
        lock (_spares)
        {
            return _spares.TryPop(out RequestSource? spare) ? spare : new RequestSource(_ended, _keep);
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
