using System.Runtime.CompilerServices;
using SuperCache.Diagnostics;
using SuperCache.Matching;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>How a read in a lane ended.</summary>
internal enum LaneRead
{
    /// <summary>The record was copied out.</summary>
    Hit,

    /// <summary>There is none.</summary>
    Miss,

    /// <summary>This must be found out on the long way, from the beginning. Nothing was counted.</summary>
    Unclear,
}

/// <summary>A short cut to the segments of all partitions of a table.</summary>
internal abstract class Lane
{
    /// <summary>Closes the short cut to one partition.</summary>
    public abstract void Hide(int partition);

    /// <summary>Gives the direct table up, for good.</summary>
    public abstract void Close();

    /// <summary>Asks a pattern about the record of its key, if both are so simple that nothing need be compiled or
    /// boxed for it. Counts no read.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="shape">The pattern's.</param>
    /// <param name="keyPosition">Where the key stands.</param>
    /// <param name="binds">Whether what the record binds is wanted, or the record.</param>
    /// <param name="answer">The bound values or the record; null when there is none that matches.</param>
    /// <returns>False if this must be found out on the long way.</returns>
    public abstract bool TryMatch(
        ITuple pattern, PatternShape shape, int keyPosition, bool binds, out object? answer);
}

/// <summary>The segments of all partitions of a table side by side, so that a hash leads to its segment in one
/// step.</summary>
/// <remarks>
/// A partition whose table has exactly one index, of this lane's type, shows its segments here; the range of any other
/// shows none. The number of entries is the number of partitions times a power of two: the same fraction that leads
/// through a partition to a segment leads here (see <see cref="HashBits"/>).
/// </remarks>
internal sealed partial class Lane<TContent> : Lane
{
    /// <summary>96 MB of views. Room for a billion records, if they are spread evenly; a partition that has grown out
    /// of all proportion is not worth more.</summary>
    private const int MostViews = 1 << 22;

    private readonly Lock _gate = new();
    private readonly ReadTally _tally;
    private readonly ReadTally.Cell[] _cells;
    private readonly KeyHasher _hasher;
    private readonly KeyPlace _key;
    private readonly int _partitions;
    private SegmentView<TContent>[] _views;

    /// <summary>How often a partition was hidden. See L1.</summary>
    private int _closings;

    /// <summary>Whether some index has, or once had, entries that its segments do not lead to.</summary>
    private bool _leadsElsewhere;

    /// <param name="key">Of the indexes.</param>
    /// <param name="terms">Of the table.</param>
    public Lane(KeyPlace key, LaneTerms terms)
    {
        _key = key;
        _plainKind = key.Kind;
        _hasher = terms.Hasher;
        _tally = terms.Tally;
        _cells = terms.Tally.Cells;
        _partitions = terms.Partitions;
        _views = new SegmentView<TContent>[terms.Partitions];
        Direct = DirectWriter<TContent>.IsFor(key) ? new DirectExtent<TContent>(terms, key.Kind) : null;
    }

    /// <summary>Chooses the table beside the segments; null where keys are no numbers.</summary>
    public DirectExtent<TContent>? Direct { get; }

    public int Partitions => _partitions;

    public KeyHasher Hasher => _hasher;

    /// <summary>Shows part of a partition's directory.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="directory">The whole directory of the partition.</param>
    /// <param name="first">The first entry that is new.</param>
    /// <param name="count">How many are new.</param>
    /// <returns>False if there is no memory for it: the partition is hidden then, for good. Showing part of what it is
    /// would be worse, and trying again at each split would cost more than reading on the long way.</returns>
    public bool Show(int partition, Segment<TContent>[] directory, int first, int count)
    {
        lock (_gate)
        {
            if (!TryEnsureDepth(directory.Length))
            {
                Hide(partition);
                return false;
            }

            int share = _views.Length / _partitions;
            int repeat = share / directory.Length;
            for (int i = first * repeat; i < (first + count) * repeat; i++)
            {
                _views[(partition * share) + i].Show(directory[i / repeat]);
            }

            return true;
        }
    }

    /// <summary>Says that an index is about to keep an entry where no segment leads.</summary>
    public void LeadElsewhere() => Volatile.Write(ref _leadsElsewhere, true);

    /// <inheritdoc/>
    public override void Hide(int partition)
    {
        lock (_gate)
        {
            int share = _views.Length / _partitions;
            for (int i = 0; i < share; i++)
            {
                _views[(partition * share) + i].Show(null);
            }

            Volatile.Write(ref _closings, _closings + 1);
        }
    }

    /// <inheritdoc/>
    public override void Close() => Direct?.Close();

    private bool TryEnsureDepth(int directoryLength)
    {
        SegmentView<TContent>[] old = _views;
        long length = (long)directoryLength * _partitions;
        if (length <= old.Length)
        {
            return true;
        }

        if (length > MostViews)
        {
            return false;
        }

        int repeat = (int)(length / old.Length);
        SegmentView<TContent>[] larger;
        try
        {
            larger = new SegmentView<TContent>[length];
        }
        catch (OutOfMemoryException)
        {
            return false;
        }

        for (int i = 0; i < larger.Length; i++)
        {
            larger[i] = old[i / repeat];
        }

        Volatile.Write(ref _views, larger);
        return true;
    }
}
