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

    /// <summary>By place, lowest first.</summary>
    private readonly Dictionary<(TableId Table, object Key), List<Lacked>> _byKey = [];

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
        if (!_byKey.TryGetValue((table, key), out List<Lacked>? ofKey))
        {
            _byKey[(table, key)] = ofKey = [];
        }

        // What cannot be read is compared by its bytes.
        int equal = allowsEqual ? -1 : ofKey.FindIndex(IsEqual);
        if (equal < 0)
        {
            ofKey.Add(new Lacked(readable + ofKey.Count, record, put));
        }
        else
        {
            ofKey[equal] = ofKey[equal] with { Record = record, Put = put };
        }

        bool IsEqual(Lacked lacked) => lacked.Record.Span.SequenceEqual(record.Span);
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
        if (!_byKey.TryGetValue((table, key), out List<Lacked>? ofKey))
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
            _byKey[(table, key)] = staying;
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
        _byKey.Count > 0 && _byKey.TryGetValue((table, key), out List<Lacked>? ofKey) ? ofKey : None;

    private readonly record struct Lacked(int Place, ReadOnlyMemory<byte> Record, Effect Put);
}
