using SuperCache.Partitions;
using SuperCache.Storage;

namespace SuperCache.Replication.Operations;

/// <summary>What a copy keeps beside an entry with bookkeeping: its key, and whether it was read since the primary was
/// told.</summary>
/// <param name="state">The copy that holds the entry.</param>
/// <param name="table">The table.</param>
/// <param name="key">The entry's key.</param>
internal sealed class EntryBearer(TablesState state, TableId table, object key) : ITouchListener
{
    private int _isTouched;

    public TablesState State => state;

    public TableId Table => table;

    public object Key => key;

    /// <summary>The entry. Set once, when it is stored.</summary>
    public EntryNode Node { get; set; } = null!;

    /// <summary>UTC ticks of the deadline that all copies know.</summary>
    public long Told { get; set; }

    /// <inheritdoc/>
    public void OnTouched()
    {
        if (Interlocked.Exchange(ref _isTouched, 1) == 0)
        {
            state.Touches.Enqueue(this);
        }
    }

    /// <summary>From now on a read is taken note of again.</summary>
    public void Listen() => Volatile.Write(ref _isTouched, 0);
}
