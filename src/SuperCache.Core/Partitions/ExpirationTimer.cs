namespace SuperCache.Partitions;

/// <summary>Lets partitions reclaim what has expired, four times a second while anything waits to expire.</summary>
/// <remarks>
/// Each tick sets the next one, so that a tick never meets another, and a fake clock that jumps a year causes one
/// tick and not a hundred
/// million. The timer holds the partitions weakly: a cache that was forgotten instead of disposed can still be
/// collected.
/// </remarks>
internal sealed class ExpirationTimer(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Starts the timer if it does not run.</summary>
    public void Start(Partition[] partitions)
    {
        lock (_gate)
        {
            if (_isRunning || _isDisposed)
            {
                return;
            }

            _isRunning = true;
            _timer ??= Create(partitions);
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    /// <summary>Creates the timer without the context of the caller who happens to be the first: what hangs on it would
    /// live as long as the cache.</summary>
    private ITimer Create(Partition[] partitions)
    {
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return clock.CreateTimer(
            new Tick(this, partitions).Run, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Stop()
    {
        lock (_gate)
        {
            _isRunning = false;
        }
    }

    private sealed class Tick(ExpirationTimer timer, Partition[] partitions)
    {
        private readonly WeakReference<Partition[]> _partitions = new(partitions);

        public void Run(object? state)
        {
            timer.Stop();
            if (!_partitions.TryGetTarget(out Partition[]? partitions))
            {
                return;
            }

            bool isWaiting = false;
            foreach (Partition partition in partitions)
            {
                isWaiting |= partition.Reclaim();
            }

            if (isWaiting)
            {
                timer.Start(partitions);
            }
        }
    }
}
