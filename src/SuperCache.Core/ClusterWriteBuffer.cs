using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Replication.Operations;
using SuperCache.Wire;

namespace SuperCache;

/// <summary>The lazily put records of one partition of a cluster on their way to its primary.</summary>
/// <remarks>
/// <list type="number">
/// <item>B1: records are stored in the order in which they were added: the next op leaves when the one before is
/// answered.</item>
/// <item>B2: at most the capacity waits. Whoever adds to a full buffer waits until it is empty.</item>
/// <item>B3: what does not travel is refused when it is added; what goes wrong later is kept until a flush takes
/// it.</item>
/// <item>B4: after <see cref="Close"/> nothing more is taken.</item>
/// <item>B5: a record that is refused takes no other along.</item>
/// <item>B6: a record ends at its time, however long it waits here.</item>
/// </list>
/// </remarks>
/// <param name="table">Stores operations.</param>
/// <param name="partition">Where the records go.</param>
/// <param name="id">Into which table.</param>
/// <param name="seat">Writes records, and counts them.</param>
/// <param name="capacity">How many may wait.</param>
internal sealed class ClusterWriteBuffer(
    ClusterTable table, int partition, TableId id, ClusterSeat seat, int capacity)
{
    private const int RunBytes = 256 << 10;

    /// <summary>How often a run is cut in two to find what is refused in it; so many requests cost about a
    /// second.</summary>
    private const int MostSplits = 1_000;

    /// <summary>Records of a run end together: those that were added last by so much too soon.</summary>
    private const long Moment = 50 * TimeSpan.TicksPerMillisecond;

    private readonly Lock _gate = new();

    /// <summary>Oldest first; only the last one still grows. Under the gate.</summary>
    private List<Run> _waiting = [];
    private int _count;
    private bool _isDraining;
    private bool _isClosed;

    /// <summary>The last error of a store, until it is taken.</summary>
    private Exception? _failure;

    /// <summary>The wall clock, which ends are told by.</summary>
    private long Now => seat.States.Clock.GetUtcNow().UtcTicks;

    /// <summary>Whether anything waits or is being stored, or an error has not been told.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _isDraining || _waiting.Count > 0 || _failure is not null;
            }
        }
    }

    /// <summary>Takes a record.</summary>
    /// <returns>False when the buffer is closed.</returns>
    /// <exception cref="UnsupportedValueException">An element does not travel. Nothing was taken.</exception>
    /// <exception cref="InvalidOperationException">A key that this node compares puts. Nothing was taken.</exception>
    public bool TryAdd<TRecord>(EntryTermsBytes terms, in TRecord record)
        where TRecord : ITuple
    {
        seat.Driver.ThrowIfInside();
        bool isFull;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            long now = terms.Life == long.MaxValue ? 0 : Now;
            if (_waiting.Count == 0 || !_waiting[^1].Takes(terms, now))
            {
                _waiting.Add(new Run { Terms = terms, Begun = now });
            }

            Run run = _waiting[^1];
            seat.States.WriterOf(id).AppendRecord(run.Records, in record);
            run.Count++;
            isFull = ++_count >= capacity;
            StartDraining();
        }

        if (isFull)
        {
            Wait.For(new ValueTask(MarkAsync()));
        }

        return true;
    }

    /// <summary>Takes what storing in the background has met since it was last taken.</summary>
    public Exception? TakeFailure() => Interlocked.Exchange(ref _failure, null);

    /// <summary>Takes no more records; what waits is stored.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Completes when everything that was added before the call is stored, or was tried to be.</summary>
    public Task MarkAsync()
    {
        lock (_gate)
        {
            var mark = new Run { Reached = new(TaskCreationOptions.RunContinuationsAsynchronously) };
            _waiting.Add(mark);
            StartDraining();
#pragma warning disable VSTHRD003 // It is this class that completes it.
            return mark.Reached.Task;
#pragma warning restore VSTHRD003
        }
    }

    private void StartDraining()
    {
        if (!_isDraining)
        {
            _isDraining = true;
            _ = DrainAsync();
        }
    }

    private async Task DrainAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            List<Run> runs;
            lock (_gate)
            {
                runs = _waiting;
                if (runs.Count == 0)
                {
                    _isDraining = false;
                    return;
                }

                _waiting = [];
                _count = 0;
            }

            foreach (Run run in runs)
            {
                await StoreAsync(run).ConfigureAwait(false);
            }
        }
    }

    private async Task StoreAsync(Run run)
    {
        try
        {
            if (run.Count > 0)
            {
                await StoreAsync(run, run.Count, 0, run.Records.Length).ConfigureAwait(false);
            }
        }
        finally
        {
            run.Records.Dispose();
            run.Reached?.TrySetResult();
        }
    }

    /// <summary>Stores some of a run's records.</summary>
    /// <param name="run">The run.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="end">Where they end.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Taken by the next flush.")]
    private async Task StoreAsync(Run run, int count, int start, int end)
    {
        try
        {
            byte[] operation = OperationWriter.PutMany(
                id, run.TermsAt(Now), count, run.Records.Written[start..end]);
            await table.StoreAsync([new PutOperation(partition, operation, count)], default).ConfigureAwait(false);
        }
        catch (Exception error) when (
            count > 1 && error is UnsupportedValueException or ComparisonFailedException
            && run.Splits++ < MostSplits)
        {
            // Nothing was stored, and one of them may be the only reason.
            int half = count / 2;
            int middle = start;
            for (int i = 0; i < half; i++)
            {
                middle += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(run.Records.Written[middle..]);
            }

            await StoreAsync(run, half, start, middle).ConfigureAwait(false);
            await StoreAsync(run, count - half, middle, end).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // What else waits is stored all the same; nobody else is there to be thrown to.
            Volatile.Write(ref _failure, error);
        }
    }

    /// <summary>Records of equal terms, or a mark.</summary>
    private sealed class Run
    {
        /// <summary>As they were when the first record was added.</summary>
        public EntryTermsBytes Terms { get; init; }

        /// <summary>When the first record was added.</summary>
        public long Begun { get; init; }

        public TaskCompletionSource? Reached { get; init; }

        public WireBuffer Records { get; } = new();

        public int Count { get; set; }

        /// <summary>How often part of it was refused and cut in two.</summary>
        public int Splits { get; set; }

        /// <summary>Whether a record may be added that ends, by what is left of its life, no more than a moment after
        /// the first.</summary>
        public bool Takes(EntryTermsBytes terms, long now) =>
            Reached is null
            && Terms == terms
            && Records.Length < RunBytes
            && (terms.Life == long.MaxValue || now - Begun < Moment);

        /// <summary>The terms with what is left of the life.</summary>
        public EntryTermsBytes TermsAt(long now) => Terms.Life == long.MaxValue
            ? Terms
            : Terms with { Life = Math.Max(0, Terms.Life - Math.Max(0, now - Begun)) };
    }
}
