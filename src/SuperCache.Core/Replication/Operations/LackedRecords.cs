using System.IO.Hashing;
using SuperCache.Partitions;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>The records that a copy holds as bytes only, because its node does not know their types.</summary>
/// <remarks>
/// <para>Nobody is shown them. They keep their places among the records of their key, which ops name, and they are
/// passed on in snapshots, so that a node that knows the types reads them.</para>
/// <para>Under the driver's gate.</para>
/// </remarks>
internal sealed class LackedRecords
{
    /// <summary>Never added to.</summary>
    private static readonly List<Lacked> None = [];

    private readonly Dictionary<(TableId Table, object Key), OfKey> _byKey = [];

    public IEnumerable<(TableId Table, object Key)> Keys => _byKey.Keys;

    public bool IsEmpty => _byKey.Count == 0;

    public bool HasAny(TableId table) => _byKey.Keys.Any(key => key.Table == table);

    public bool Has(TableId table, object key) => _byKey.Count > 0 && _byKey.ContainsKey((table, key));

    /// <summary>Keeps a record as the last of its key.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="key">Its key.</param>
    /// <param name="readable">How many records of the key are there that can be read.</param>
    /// <param name="put">What would have stored it.</param>
    /// <param name="record">The record alone.</param>
    /// <param name="allowsEqual">Whether it stands beside an equal one instead of taking its place.</param>
    public void Add(
        TableId table, object key, int readable, in Effect put, ReadOnlyMemory<byte> record, bool allowsEqual)
    {
        if (!_byKey.TryGetValue((table, key), out OfKey? ofKey))
        {
            _byKey[(table, key)] = ofKey = new OfKey([]);
        }

        if (allowsEqual || !ofKey.TryReplace(put, record))
        {
            ofKey.Records.Add(new Lacked(readable + ofKey.Records.Count, record, put));
        }
    }

    public void Remove(TableId table, object key) => _byKey.Remove((table, key));

    public void Clear(TableId table)
    {
        foreach ((TableId Table, object Key) key in _byKey.Keys.Where(key => key.Table == table).ToList())
        {
            _byKey.Remove(key);
        }
    }

    /// <summary>Removes the records at some places of a key.</summary>
    /// <returns>Where the others of these places are among the key's readable records.</returns>
    public int[] RemoveSome(TableId table, object key, int[] places)
    {
        List<Lacked> ofKey = Of(table, key);
        if (ofKey.Count == 0)
        {
            return places;
        }

        int[] ascending = [.. places.Distinct().Order()];
        List<int> readable = [];
        List<Lacked> staying = [];
        int removed = 0;
        for (int before = 0; before < ofKey.Count; before++)
        {
            Lacked lacked = ofKey[before];
            for (; removed < ascending.Length && ascending[removed] < lacked.Place; removed++)
            {
                readable.Add(ascending[removed] - before);
            }

            if (removed < ascending.Length && ascending[removed] == lacked.Place)
            {
                removed++;
            }
            else
            {
                staying.Add(lacked with { Place = lacked.Place - removed });
            }
        }

        readable.AddRange(ascending[removed..].Select(place => place - ofKey.Count));
        if (staying.Count == 0)
        {
            _byKey.Remove((table, key));
        }
        else
        {
            _byKey[(table, key)] = new OfKey(staying);
        }

        return [.. readable];
    }

    /// <summary>The place among all records of a key, from that among those that can be read.</summary>
    public int PlaceOf(TableId table, object key, int readable)
    {
        int place = readable;
        foreach (Lacked lacked in Of(table, key))
        {
            place += lacked.Place <= place ? 1 : 0;
        }

        return place;
    }

    /// <summary>Moves the end of the record at a place.</summary>
    /// <returns>Where the place is among the records that can be read; null when its record is not one of
    /// them.</returns>
    public int? Extend(TableId table, object key, int place, long deadline)
    {
        List<Lacked> ofKey = Of(table, key);
        int index = ofKey.FindIndex(lacked => lacked.Place == place);
        if (index < 0)
        {
            return place - ofKey.Count(lacked => lacked.Place < place);
        }

        Effect put = ofKey[index].Put;
        ofKey[index] = ofKey[index] with { Put = put with { Deadline = Math.Max(put.Deadline, deadline) } };
        return null;
    }

    /// <summary>Adds a key's records to those that can be read, each at its place.</summary>
    public void InsertInto(List<Effect> records, int start, TableId table, object key)
    {
        foreach (Lacked lacked in Of(table, key))
        {
            records.Insert(Math.Min(start + lacked.Place, records.Count), lacked.Put);
        }
    }

    private List<Lacked> Of(TableId table, object key) =>
        _byKey.Count > 0 && _byKey.TryGetValue((table, key), out OfKey? ofKey) ? ofKey.Records : None;

    private readonly record struct Lacked(int Place, ReadOnlyMemory<byte> Record, Effect Put);

    /// <summary>The records of one key. What cannot be read is compared by its bytes.</summary>
    private sealed class OfKey(List<Lacked> records)
    {
        /// <summary>Up to so many are looked at one after the other.</summary>
        private const int Few = 8;

        /// <summary>Where in the list a record is; of no more than its first, and only once one was looked for among
        /// many.</summary>
        private Dictionary<ReadOnlyMemory<byte>, int>? _index;

        private int _indexed;

        /// <summary>By place, lowest first. Added to at the end only.</summary>
        public List<Lacked> Records { get; } = records;

        /// <summary>Puts a record in the place of an equal one.</summary>
        public bool TryReplace(in Effect put, ReadOnlyMemory<byte> record)
        {
            int equal = Find(record);
            if (equal < 0)
            {
                return false;
            }

            Records[equal] = Records[equal] with { Record = record, Put = put };
            if (_index is not null)
            {
                // Else it would hold on to the bytes of the old one.
                _index.Remove(record);
                _index.Add(record, equal);
            }

            return true;
        }

        private int Find(ReadOnlyMemory<byte> record)
        {
            if (Records.Count <= Few)
            {
                return Records.FindIndex(lacked => SameBytes.Instance.Equals(lacked.Record, record));
            }

            _index ??= new Dictionary<ReadOnlyMemory<byte>, int>(SameBytes.Instance);
            for (; _indexed < Records.Count; _indexed++)
            {
                _index.TryAdd(Records[_indexed].Record, _indexed);
            }

            return _index.GetValueOrDefault(record, -1);
        }
    }

    private sealed class SameBytes : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static SameBytes Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> obj) => (int)XxHash3.HashToUInt64(obj.Span);
    }
}
