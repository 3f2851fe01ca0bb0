using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>The records of one key in a bag, in the order in which they were put.</summary>
/// <remarks>The writer appends in place; readers see the items below the count that they read. It replaces an item
/// by one store, and removes items by building a new bucket.</remarks>
internal sealed class Bucket
{
    /// <summary>From how many records on equal ones are found by hash instead of one by one.</summary>
    private const int HashedFrom = 16;

    private BagItem[] _items = new BagItem[2];
    private int _count;
    private Dictionary<ITuple, int>? _places;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The items, oldest first. Any thread.</summary>
    public ReadOnlySpan<BagItem> Items
    {
        get
        {
            int count = Volatile.Read(ref _count);
            return Volatile.Read(ref _items).AsSpan(0, count);
        }
    }

    public void Add(BagItem item)
    {
        if (_count == _items.Length)
        {
            BagItem[] larger = new BagItem[_count * 2];
            _items.CopyTo(larger, 0);
            Volatile.Write(ref _items, larger);
        }

        _items[_count] = item;
        _places?.TryAdd(item.Record, _count);
        Volatile.Write(ref _count, _count + 1);
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
        if (_count < HashedFrom)
        {
            return Array.FindIndex(_items, 0, _count, item => item.Record.Equals(record));
        }

        if (_places is null)
        {
            // Kept only when it is whole: a record may throw when it is hashed.
            var places = new Dictionary<ITuple, int>();
            for (int i = 0; i < _count; i++)
            {
                places.TryAdd(_items[i].Record, i);
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
