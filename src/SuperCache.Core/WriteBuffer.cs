using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>The lazily put records of one partition on their way into it.</summary>
/// <remarks>
/// <list type="number">
/// <item>B1: records are stored in the order in which they were added, so that of two puts of a key the later wins,
/// whichever threads they
/// came from.</item>
/// <item>B2: at most the capacity waits. Whoever fills the buffer stores it before it goes on: nothing is dropped, and
/// a producer is never faster than the store.</item>
/// <item>B3: after <see cref="Close"/> has returned everything that was added is stored, and nothing more is
/// taken.</item>
/// </list>
/// </remarks>
/// <param name="table">Stores the records.</param>
/// <param name="partition">Where they go.</param>
/// <param name="capacity">How many may wait.</param>
internal sealed class WriteBuffer(CacheTable table, Partition partition, int capacity) : IThreadPoolWorkItem
{
    /// <summary>Held by the one thread that stores; always taken before <see cref="_gate"/>.</summary>
    private readonly Lock _storing = new();
    private readonly Lock _gate = new();

    /// <summary>Batches that wait, oldest first; only the last one still grows. Under the gate.</summary>
    private List<PendingBatch> _waiting = [];
    private int _count;
    private bool _isScheduled;
    private bool _isClosed;

    /// <summary>The last error of a store, until a flush takes it.</summary>
    private Exception? _failure;

    /// <summary>Takes a record; stores what waits when that fills the buffer.</summary>
    /// <returns>False when the buffer is closed.</returns>
    /// <exception cref="InvalidOperationException">A key that the cache compares puts. Nothing was taken.</exception>
    public bool TryAdd<TRecord>(in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple
    {
        partition.ThrowIfInside();
        bool isFull;
        bool schedules;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (_waiting.Count == 0 || _waiting[^1] is not PendingBatch<TRecord> batch)
            {
                batch = new PendingBatch<TRecord>();
                _waiting.Add(batch);
            }

            batch.Add(in record, hash, node);
            isFull = ++_count >= capacity;
            schedules = !isFull && !_isScheduled;
            _isScheduled |= schedules;
        }

        if (isFull)
        {
            StoreWaiting();
        }
        else if (schedules)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    /// <summary>Stores everything that was added before the call.</summary>
    /// <returns>What a key or a record threw when it was compared, in this store or one before.</returns>
    /// <exception cref="InvalidOperationException">A key that the cache compares asks for it. Nothing was
    /// stored.</exception>
    public Exception? Flush()
    {
        partition.ThrowIfInside();
        StoreWaiting();
        return Interlocked.Exchange(ref _failure, null);
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Returned by the next Flush.")]
    private void StoreWaiting()
    {
        lock (_storing)
        {
            List<PendingBatch> batches;
            lock (_gate)
            {
                batches = _waiting;
                _waiting = [];
                _count = 0;
            }

            foreach (PendingBatch batch in batches)
            {
                try
                {
                    batch.Store(table, partition);
                }
                catch (Exception error)
                {
                    // What else waits is stored all the same; a thread of the pool has nobody to throw to.
                    Volatile.Write(ref _failure, error);
                }
            }
        }
    }

    /// <summary>Stores what waits and takes nothing more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        StoreWaiting();
    }

    /// <inheritdoc/>
    public void Execute()
    {
        lock (_gate)
        {
            _isScheduled = false;
        }

        StoreWaiting();
    }
}
