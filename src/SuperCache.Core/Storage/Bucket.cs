using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>The records of one key in a bag, in the order in which they were put.</summary>
/// <remarks>The writer appends in place; readers see the places below the end that they read. It replaces or removes
/// one item by one store, and several by building a new bucket. What was removed leaves a gap, which readers step over;
/// when there are more gaps than items, the table builds a new bucket.</remarks>
internal sealed class Bucket
{
    /// <summary>From how many records on equal ones are found by hash instead of one by one.</summary>
    private const int HashedFrom = 16;

    private BagItem?[] _items = new BagItem?[2];

    /// <summary>The end of the items and gaps.</summary>
    private int _end;

    /// <summary>Before it are gaps only: those that were put first are mostly the first to go.</summary>
    private int _first;
    private Dictionary<ITuple, int>? _places;

    /// <summary>The items. Writer only.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a bucket without the gaps is worth its making. Writer only.</summary>
    public bool IsSparse => _end > HashedFrom && Count < _end / 2;

    /// <summary>The items and gaps, oldest first. Any thread.</summary>
    public ReadOnlySpan<BagItem?> Items
    {
        get
        {
            int end = Volatile.Read(ref _end);
            return Volatile.Read(ref _items).AsSpan(0, end);
        }
    }

    /// <summary>The items, oldest first. Any thread.</summary>
    public BagItem[] ToArray()
    {
        ReadOnlySpan<BagItem?> items = Items;
        var found = new List<BagItem>(items.Length);
        foreach (BagItem? item in items)
        {
            if (item is not null)
            {
                found.Add(item);
            }
        }

        return [.. found];
    }

    public void Add(BagItem item)
    {
        if (_end == _items.Length)
        {
            BagItem?[] larger = new BagItem?[_end * 2];
            _items.CopyTo(larger, 0);
            Volatile.Write(ref _items, larger);
        }

        _items[_end] = item;
        _places?.TryAdd(item.Record, _end);
        Volatile.Write(ref _end, _end + 1);
        Count++;
    }

    /// <summary>Puts an item in the place of an equal record's; false when there is none.</summary>
    public bool TryReplaceEqual(BagItem item, [NotNullWhen(true)] out BagItem? replaced)
    {
        int place = PlaceOf(item.Record);
        replaced = place < 0 ? null : _items[place];
        if (replaced is null)
        {
            return false;
        }

        Volatile.Write(ref _items[place], item);
        return true;
    }

    /// <summary>Removes the item of a node and returns it; null when it is not there.</summary>
    public BagItem? Remove(EntryNode node)
    {
        int place = Array.FindIndex(_items, _first, _end - _first, item => item?.Node == node);
        if (place < 0)
        {
            return null;
        }

        BagItem removed = _items[place]!;
        _places?.Remove(removed.Record);
        Volatile.Write(ref _items[place], null);
        Count--;
        while (_first < _end && _items[_first] is null)
        {
            _first++;
        }

        return removed;
    }

    /// <summary>A bucket of the items that stay.</summary>
    public static Bucket Of(IEnumerable<BagItem> items)
    {
        var bucket = new Bucket();
        foreach (BagItem item in items)
        {
            bucket.Add(item);
        }

        return bucket;
    }

    private int PlaceOf(ITuple record)
    {
        if (_end < HashedFrom)
        {
            return Array.FindIndex(_items, 0, _end, item => item is not null && item.Record.Equals(record));
        }

        if (_places is null)
        {
            // Kept only when it is whole: a record may throw when it is hashed.
            var places = new Dictionary<ITuple, int>();
            for (int i = 0; i < _end; i++)
            {
                if (_items[i] is { } item)
                {
                    places.TryAdd(item.Record, i);
                }
            }

            _places = places;
        }

        return _places.GetValueOrDefault(record, -1);
    }
}

/// <summary>One record of a bag and its bookkeeping.</summary>
internal sealed class BagItem(ITuple record, EntryNode? node)
{
    public ITuple Record => record;

    public EntryNode? Node => node;
}
