using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Chooses which numbers the <see cref="DirectTable{TContent}"/> of a lane covers, if any.</summary>
/// <remarks>
/// Each index tells now and then how many entries it has, and shows some of their keys. If most keys seem to lie in a
/// range that is dense, and too many of them outside of the table that there is, another table takes its place. It
/// begins empty: the indexes fill it, each its part (<see cref="DirectWriter{TContent}"/>).
/// <list type="number">
/// <item>E1: a table has at most two slots an entry of which the indexes have told when it is made, and is given up
/// when they tell of less than one in <see cref="TooManySlots"/>.</item>
/// <item>E2: <see cref="Generation"/> is counted after a table is used: who reads it first and the table then has the
/// table's own or an older one.</item>
/// <item>E3: a table is made when a quarter as many entries have come, or come again outside of a table, as it is for:
/// so tables cost no more than a part of the puts.</item>
/// </list>
/// </remarks>
/// <param name="terms">Of the lane's table.</param>
/// <param name="kind">Of the keys.</param>
internal sealed class DirectExtent<TContent>(LaneTerms terms, KeyKind kind)
{
    /// <summary>How many keys make a sample.</summary>
    public const int LeastSampled = 32;

    /// <summary>400 MB, with records of 16 bytes.</summary>
    private const int MostSlots = 1 << 24;

    private const int TooManySlots = 8;

    /// <summary>One in so many keys may lie outside of the table.</summary>
    private const int Outside = 32;

    /// <summary>See E3.</summary>
    private const double LeastChange = 0.25;

    /// <summary>So many keys must be found that were not, for one that is not found any more.</summary>
    private const int WorthLosing = 4;

    private readonly Lock _gate = new();
    private readonly DirectAccess _access = terms.Direct;

    /// <summary>By partition, the entries of which nothing is noted.</summary>
    private readonly double[] _entries = new double[terms.Partitions];

    /// <summary>The sum of <see cref="_entries"/>.</summary>
    private double _all;

    /// <summary>How many entries have come since a table was made, or came again outside of one.</summary>
    private double _changed;
    private int _generation;
    private bool _isMaking;
    private bool _isClosed;

    /// <summary>The table that is read now (N4 there); null when there is none.</summary>
    public DirectSlot<TContent>[]? Table => _access.Table<TContent>(kind);

    /// <summary>See E2.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Gives the table up, for good.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _access.Use(kind, null);
        }
    }

    /// <summary>An index is about to lose all entries, or to be read no more. Hides them in one step, with those of the
    /// others: these are shown again as soon as there is another table and they have puts.</summary>
    public void Leave(int partition)
    {
        lock (_gate)
        {
            SetEntries(partition, 0);
            _access.Use(kind, null);
            Volatile.Write(ref _generation, _generation + 1);
        }
    }

    /// <summary>An index tells how many entries it has of which nothing is noted, about.</summary>
    public void Tell(int partition, double entries)
    {
        lock (_gate)
        {
            SetEntries(partition, entries);
        }
    }

    /// <summary>Makes a table, or another one, or gives it up, if that is better.</summary>
    /// <param name="keys">Some keys of an index, of entries of which nothing is noted; will be sorted.</param>
    /// <param name="missing">How many entries it has put since the last time that are not shown.</param>
    /// <returns>False if there is no table to be had for such keys.</returns>
    public bool Consider(Span<long> keys, long missing)
    {
        keys.Sort();
        NumberRange range;
        int generation;
        lock (_gate)
        {
            _changed += missing;
            if (Table?.Length > TooManySlots * _all)
            {
                _access.Use(kind, null);
            }

            if (keys.Length < LeastSampled || NumberRange.FindDense(keys, _all / keys.Length) is not { } dense)
            {
                return false;
            }

            if (!IsWanted(dense, keys))
            {
                return true;
            }

            range = dense;
            generation = _generation;
            _isMaking = true;
        }

        return TryMake(range, generation);
    }

    private void SetEntries(int partition, double entries)
    {
        _changed += Math.Max(0, entries - _entries[partition]);
        _all += entries - _entries[partition];
        _entries[partition] = entries;
    }

    private bool IsWanted(NumberRange range, ReadOnlySpan<long> keys)
    {
        if (_isClosed || _isMaking || _changed < range.Keys * LeastChange)
        {
            return false;
        }

        if (Table is not { } table)
        {
            return true;
        }

        int won = 0;
        int lost = 0;
        foreach (long key in keys)
        {
            bool isCovered = DirectTable<TContent>.Covers(table, key);
            won += !isCovered && range.Spans(key) ? 1 : 0;
            lost += isCovered && !range.Spans(key) ? 1 : 0;
        }

        return won > keys.Length / Outside && won > lost * WorthLosing;
    }

    private bool TryMake(NumberRange range, int generation)
    {
        DirectSlot<TContent>[]? table = null;
        try
        {
            table = Create(range);
        }
        catch (OutOfMemoryException)
        {
            // The table that there is goes on; keys outside of it are found by their hash.
        }

        lock (_gate)
        {
            _isMaking = false;
            if (table is not null && !_isClosed && _generation == generation)
            {
                _access.Use(kind, table);
                Volatile.Write(ref _generation, generation + 1);
                _changed = 0;
            }
        }

        return table is not null;
    }

    private DirectSlot<TContent>[]? Create(NumberRange range)
    {
        int length = (int)Math.Min(MostSlots, range.Keys / NumberRange.LeastDensity);
        double spare = length - 2 - range.Length;
        if (spare < 0)
        {
            return null;
        }

        // What is to spare lies where the keys seem to be going.
        bool goesDown = Table is { } former && DirectTable<TContent>.Covers(former, range.Greatest)
            && !DirectTable<TContent>.Covers(former, range.Least);
        long first = goesDown ? range.First - (long)spare : range.First;
        return DirectTable<TContent>.Create((first - 1) & ~1L, length);
    }
}
