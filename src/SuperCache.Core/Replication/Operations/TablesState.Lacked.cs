using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <content>Records that this node cannot read.</content>
internal sealed partial class TablesState
{
    private readonly LackedRecords _lacked = new();

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
}
