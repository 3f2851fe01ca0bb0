namespace SuperCache.Diagnostics;

/// <summary>Counts the hits and misses of one cache exactly, without sharing a cache line between threads.</summary>
/// <remarks>
/// Each thread counts in a cell of its own, which it finds in a thread-static field; a total adds up the cells.
/// The cells of threads that have ended are added to a base and dropped whenever a new thread comes, so that the list does not
/// grow with the number of threads that ever were.
/// </remarks>
internal sealed class ReadTally
{
    [ThreadStatic]
    private static Cell? _last;

    [ThreadStatic]
    private static List<Cell>? _ofThisThread;

    private readonly Lock _gate = new();
    private readonly List<Cell> _cells = [];
    private long _endedHits;
    private long _endedMisses;
    private volatile bool _closed;

    public void Hit()
    {
        Cell? cell = _last;
        if (cell is null || cell.Owner != this)
        {
            cell = Find();
        }

        cell.Hits++;
    }

    public void Miss()
    {
        Cell? cell = _last;
        if (cell is null || cell.Owner != this)
        {
            cell = Find();
        }

        cell.Misses++;
    }

    /// <summary>Adds up what all threads have counted.</summary>
    public (long Hits, long Misses) Total()
    {
        lock (_gate)
        {
            (long hits, long misses) = (_endedHits, _endedMisses);
            foreach (Cell cell in _cells)
            {
                hits += Volatile.Read(ref cell.Hits);
                misses += Volatile.Read(ref cell.Misses);
            }

            return (hits, misses);
        }
    }

    /// <summary>Lets the threads forget their cells.</summary>
    public void Close() => _closed = true;

    private Cell Find()
    {
        List<Cell> mine = _ofThisThread ??= [];
        Cell? cell = mine.Find(c => c.Owner == this);
        if (cell is null)
        {
            mine.RemoveAll(c => c.Owner._closed);
            cell = new Cell(this);
            mine.Add(cell);
            Register(cell);
        }

        _last = cell;
        return cell;
    }

    private void Register(Cell added)
    {
        lock (_gate)
        {
            _cells.RemoveAll(HasEnded);
            _cells.Add(added);
        }
    }

    /// <summary>Takes over the counts of a thread that has ended. Under the gate.</summary>
    private bool HasEnded(Cell cell)
    {
        if (cell.Thread.IsAlive)
        {
            return false;
        }

        _endedHits += cell.Hits;
        _endedMisses += cell.Misses;
        return true;
    }

    /// <summary>One thread's counts; written by that thread alone.</summary>
    private sealed class Cell(ReadTally owner)
    {
        public long Hits;
        public long Misses;

        public ReadTally Owner => owner;

        public Thread Thread { get; } = Thread.CurrentThread;
    }
}
