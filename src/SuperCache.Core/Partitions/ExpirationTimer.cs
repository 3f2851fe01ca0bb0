namespace SuperCache.Partitions;

/// <summary>Lets partitions reclaim what has expired, four times a second, from the moment that anything expires at all.</summary>
/// <remarks>The timer holds the partitions weakly: a cache that was forgotten instead of disposed can still be collected.</remarks>
internal sealed class ExpirationTimer(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>Starts the timer if it does not run.</summary>
    public void Start(Partition[] partitions)
    {
        lock (_gate)
        {
            if (_timer is null && !_isDisposed)
            {
                _timer = clock.CreateTimer(new Tick(partitions).Run, null, Period, Period);
            }
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

    private sealed class Tick(Partition[] partitions)
    {
        private readonly WeakReference<Partition[]> _partitions = new(partitions);
        private int _isRunning;

        public void Run(object? state)
        {
            // A tick that comes while the last one is still at work has nothing to add.
            if (!_partitions.TryGetTarget(out Partition[]? partitions) || Interlocked.Exchange(ref _isRunning, 1) != 0)
            {
                return;
            }

            try
            {
                foreach (Partition partition in partitions)
                {
                    partition.Reclaim();
                }
            }
            finally
            {
                Volatile.Write(ref _isRunning, 0);
            }
        }
    }
}
