using System.IO.Hashing;
using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <content>What snapshots and comparisons ask, and what this node passes on without reading it.</content>
internal sealed partial class TablesState
{
    private const int IndexPatience = 5_000;

    private readonly LackedRecords _lacked = new();

    /// <summary>Kept while a snapshot is read or received; see <see cref="BucketIndex"/>.</summary>
    private BucketIndex? _index;

    /// <inheritdoc/>
    public int BucketOf(in Effect effect, int bucketCount)
    {
        try
        {
            object key = effect.Kind == EffectKind.Put
                ? KeyOfPut((TableId)effect.Table, effect.Value) : ReadKey(effect.Key);
            return (int)(shared.Hash.Of(key) & (uint)(bucketCount - 1));
        }
        catch (UnsupportedValueException)
        {
            // Nor can it be applied, which reports it.
            return 0;
        }
    }

    /// <inheritdoc/>
    public void ReadBucket(int bucket, int bucketCount, List<Effect> into)
    {
        BucketIndex index = IndexFor(bucketCount);
        foreach ((TableId table, object key) in index.Keys(bucket, bucketCount))
        {
            int start = into.Count;
            foreach (StoredEntry entry in EntriesOf(table, key))
            {
                EntryTermsBytes terms = EntryTermsBytes.Of(entry.Node, shared.Clock) with { Life = long.MaxValue };
                using var output = new WireBuffer();
                output.WriteByte((byte)OperationCode.Put);
                output.WriteByte((byte)table);
                terms.Write(output);
                shared.Wire.WriteRecord(output, entry.Record);
                into.Add(new Effect(
                    EffectKind.Put,
                    (int)table,
                    [],
                    output.ToArray(),
                    MillisecondsOf(entry.Node?.Deadline ?? long.MaxValue),
                    MillisecondsOf(entry.Node?.Limit ?? long.MaxValue)));
            }

            _lacked.InsertInto(into, start, table, key);
        }
    }

    /// <inheritdoc/>
    public void ClearBucket(int table, int bucket, int bucketCount)
    {
        foreach ((TableId of, object key) in IndexFor(bucketCount).Keys(bucket, bucketCount))
        {
            if ((int)of == table)
            {
                partition.Delete(of, key, shared.Shapes[table].HashKey(key));
                _lacked.Remove(of, key);
            }
        }
    }

    /// <summary>Gives up what was kept for a snapshot that is over.</summary>
    public void ReleaseIndex()
    {
        if (_index is { } index && shared.NodeClock.Now - index.UsedAt > IndexPatience)
        {
            _index = null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of each key the records in their order; of the keys no order. What cannot be read does not
    /// count.</remarks>
    public ulong ContentHash()
    {
        ulong total = 0;
        foreach (TableId table in BucketIndex.Tables)
        {
            foreach (object key in KeysOf(table).Distinct())
            {
                using var output = new WireBuffer();
                output.WriteByte((byte)table);
                foreach (StoredEntry entry in EntriesOf(table, key))
                {
                    shared.Wire.WriteRecord(output, entry.Record);
                }

                total += XxHash3.HashToUInt64(output.Written);
            }
        }

        return total;
    }

    private List<object> KeysOf(TableId table)
    {
        var keys = new List<object>();
        partition.Find(table)?.VisitKeys(new KeyCollector(shared.Shapes[(int)table].KeyPosition, keys));
        return keys;
    }

    private BucketIndex IndexFor(int bucketCount)
    {
        if (_index is null || _index.BucketCount < bucketCount)
        {
            _index = new BucketIndex(bucketCount);
            foreach (TableId table in BucketIndex.Tables)
            {
                foreach (object key in KeysOf(table))
                {
                    _index.Add(table, key, shared.Hash.Of(key));
                }
            }

            foreach ((TableId table, object key) in _lacked.Keys)
            {
                _index.Add(table, key, shared.Hash.Of(key));
            }
        }

        _index.UsedAt = shared.NodeClock.Now;
        return _index;
    }

    private void NoteKey(TableId table, RecordMover mover, RecordShape shape)
    {
        if (_index is { } index)
        {
            object key = mover.Record[shape.KeyPosition]!;
            index.Add(table, key, shared.Hash.Of(key));
        }
    }

    private void ForgetKeys(TableId table) => _index?.Clear(table);

    private long MillisecondsOf(long ticks)
    {
        if (ticks == long.MaxValue)
        {
            return Effect.NoDeadline;
        }

        long left = ticks - shared.Clock.GetUtcNow().UtcTicks;
        return shared.NodeClock.Now + ((left + (TimeSpan.TicksPerMillisecond / 2)) / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Keeps the bytes of a record that cannot be read. Its key can, mostly: what it replaces goes, and others
    /// keep their places. Where the key cannot be read either, nobody here can ask for it.</summary>
    private void Lack(TableId table, in Effect put, ReadOnlyMemory<byte> record)
    {
        RecordShape shape = shared.Shapes[(int)table];
        if (shared.Wire.ReadElement(record, shape.KeyPosition) is not { } key)
        {
            return;
        }

        bool isBag = shared.IsBag(table);
        if (!isBag)
        {
            _lacked.Remove(table, key);
            partition.Forget(table, key, shape.HashKey(key), [], RemovalReason.Replaced, tells: false);
        }

        int readable = isBag ? EntriesOf(table, key).Count : 0;
        _lacked.Add(table, key, readable, put, record, allowsEqual: shared.AllowsDuplicates(table));
        _index?.Add(table, key, shared.Hash.Of(key));
    }

    /// <summary>Reads a record, or keeps its bytes and throws.</summary>
    private RecordMover LoadOrLack(TableId table, in Effect put, ReadOnlyMemory<byte> record)
    {
        try
        {
            return Load(record);
        }
        catch (UnsupportedValueException)
        {
            Lack(table, put, record);
            throw;
        }
    }

    /// <summary>Keeps the bytes of one of several records that were put together.</summary>
    private void LackOne(TableId table, in Effect all, EntryTermsBytes terms, ReadOnlyMemory<byte> record)
    {
        byte[] value = PutValue(table, terms, record.Span);
        var put = new Effect(EffectKind.Put, all.Table, [], value, all.Deadline, all.Limit);
        Lack(table, put, value.AsMemory(value.Length - record.Length));
    }

    /// <summary>A record that can be read takes the place of one that cannot, except in a bag.</summary>
    private void Regain(TableId table, RecordMover mover, RecordShape shape)
    {
        if (_lacked.IsEmpty || shared.IsBag(table))
        {
            return;
        }

        _lacked.Remove(table, mover.Record[shape.KeyPosition]!);
    }

    /// <summary>The key of a put, whether the rest of its record can be read or not.</summary>
    private object KeyOfPut(TableId table, byte[] put)
    {
        var reader = new MessageReader(put.AsSpan(2));
        EntryTermsBytes.Read(ref reader);
        ReadOnlyMemory<byte> record = put.AsMemory(put.Length - reader.Remaining);
        int position = shared.Shapes[(int)table].KeyPosition;
        try
        {
            return Load(record).Record[position]!;
        }
        catch (UnsupportedValueException)
        {
            return shared.Wire.ReadElement(record, position) ?? throw Unreadable(WireReadResult.UnknownType);
        }
    }

    private sealed class KeyCollector(int position, List<object> keys) : RecordVisitor
    {
        public override void Visit(ITuple record) => keys.Add(record[position]!);
    }
}
