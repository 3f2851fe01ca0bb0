using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// The bounded run of a partition's recent ops.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>Sequences are contiguous: the first op follows <see cref="Base"/>, each next op the one before.</item>
/// <item>Epochs never fall along the log.</item>
/// <item>Only the oldest ops are dropped, and their last stamp is kept as <see cref="Base"/>.</item>
/// </list>
/// Not safe for concurrent use: whoever holds the partition calls.
/// </remarks>
internal sealed class OpLog
{
    private readonly List<LogEntry> _entries = [];
    private int _head;

    /// <summary>Creates a log that continues after a position.</summary>
    public OpLog(Stamp start) => Base = start;

    /// <summary>The stamp before the first op still held.</summary>
    public Stamp Base { get; private set; }

    /// <summary>The stamp of the last op, or <see cref="Base"/>.</summary>
    public Stamp Last => Count == 0 ? Base : _entries[^1].Stamp;

    /// <summary>Ops held.</summary>
    public int Count => _entries.Count - _head;

    /// <summary>About how many bytes the ops held take.</summary>
    public long Bytes { get; private set; }

    /// <summary>The op at a place that is held.</summary>
    public LogEntry this[Sequence sequence] => _entries[_head + (int)(sequence - Base.Sequence) - 1];

    /// <summary>Whether the op at a place is held.</summary>
    public bool Holds(Sequence sequence) => sequence > Base.Sequence && sequence <= Last.Sequence;

    /// <summary>The stamp at a place; null when it is before <see cref="Base"/> or after <see cref="Last"/>.</summary>
    public Stamp? StampAt(Sequence sequence)
    {
        if (sequence == Base.Sequence)
        {
            return Base;
        }

        return Holds(sequence) ? this[sequence].Stamp : null;
    }

    /// <summary>Adds the next op.</summary>
    public void Append(LogEntry entry)
    {
        if (entry.Stamp.Sequence != Last.Sequence.Next || entry.Stamp.Epoch < Last.Epoch)
        {
            throw new InvalidOperationException($"Op {entry.Stamp} does not follow {Last}.");
        }

        _entries.Add(entry);
        Bytes += entry.Size;
    }

    /// <summary>The ops from a place on, as many as fit.</summary>
    /// <param name="from">The first.</param>
    /// <param name="maxBytes">At least one op is taken, whatever its size.</param>
    public LogEntry[] Read(Sequence from, int maxBytes)
    {
        List<LogEntry> batch = [];
        int bytes = 0;
        for (Sequence s = from; s <= Last.Sequence; s = s.Next)
        {
            LogEntry entry = this[s];
            bytes += entry.Size;
            if (batch.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            batch.Add(entry);
        }

        return [.. batch];
    }

    /// <summary>Drops the oldest op.</summary>
    public void DropOldest()
    {
        LogEntry oldest = _entries[_head];
        Base = oldest.Stamp;
        Bytes -= oldest.Size;
        _entries[_head++] = null!;
        if (_head > 64 && _head > _entries.Count / 2)
        {
            _entries.RemoveRange(0, _head);
            _head = 0;
        }
    }

    /// <summary>Forgets everything and continues after a position. Only a planted bug needs it.</summary>
    public void JumpTo(Stamp position)
    {
        _entries.Clear();
        (_head, Bytes, Base) = (0, 0, position);
    }
}
