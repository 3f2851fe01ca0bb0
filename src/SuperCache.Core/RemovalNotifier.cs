using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>Tells listeners of records that expired or were evicted, in order, on a thread of the pool.</summary>
/// <remarks>At most <see cref="Capacity"/> notices wait. When listeners are too slow for that, further notices are
/// dropped, counted and
/// logged; the cache itself never waits for them.</remarks>
internal sealed class RemovalNotifier(object sender, ILogger logger) : IRemovalSink, IThreadPoolWorkItem
{
    private const int Capacity = 16_384;

    private readonly Lock _gate = new();
    private readonly Queue<EntryRemovedEventArgs> _waiting = new();
    private EventHandler<EntryRemovedEventArgs>? _listeners;
    private bool _isScheduled;
    private long _lost;

    /// <summary>Whether anybody wants to know.</summary>
    public bool HasListeners => Volatile.Read(ref _listeners) is not null;

    /// <summary>Notices that were dropped.</summary>
    public long Lost => Volatile.Read(ref _lost);

    public event EventHandler<EntryRemovedEventArgs>? EntryRemoved
    {
        add
        {
            lock (_gate)
            {
                Volatile.Write(ref _listeners, _listeners + value);
            }
        }

        remove
        {
            lock (_gate)
            {
                Volatile.Write(ref _listeners, _listeners - value);
            }
        }
    }

    public void Add(ITuple record, RemovalReason reason)
    {
        EntryRemovalReason told = reason == RemovalReason.Expired
            ? EntryRemovalReason.Expired : EntryRemovalReason.Evicted;
        lock (_gate)
        {
            if (_waiting.Count == Capacity)
            {
                if (_lost++ == 0)
                {
                    Log.RemovalNoticesLost(logger, Capacity);
                }

                return;
            }

            _waiting.Enqueue(new EntryRemovedEventArgs(record, told));
            if (_isScheduled)
            {
                return;
            }

            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void OnFailed(Exception error) => Log.RemovalFailed(logger, error.GetType().Name);

    /// <inheritdoc/>
    public void Execute()
    {
        while (true)
        {
            EntryRemovedEventArgs? notice;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out notice))
                {
                    _isScheduled = false;
                    return;
                }
            }

            Tell(notice);
        }
    }

    private void Tell(EntryRemovedEventArgs notice)
    {
        foreach (Delegate listener in Volatile.Read(ref _listeners)?.GetInvocationList() ?? [])
        {
            try
            {
                ((EventHandler<EntryRemovedEventArgs>)listener)(sender, notice);
            }
#pragma warning disable CA1031 // A listener's error must not reach other listeners or the cache.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Log.RemovalListenerFailed(logger, error.GetType().Name);
            }
        }
    }
}
