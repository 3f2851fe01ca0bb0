using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>The engine's own tables under one copy of a partition.</summary>
/// <remarks>
/// <list type="number">
/// <item>B1: every change ends in a method of <see cref="Partitions.Partition"/>, the primary's and a replica's
/// alike.</item>
/// <item>B2: what an effect does depends on the tables and the effect alone, never on a clock: an entry that has
/// expired stays stored, and merely is not shown, until the primary's op removes it. So copies at one stamp are equal,
/// and the places that effects name among a key's entries are the same everywhere.</item>
/// <item>B3: <see cref="Evaluate"/> and <see cref="Answer"/> throw nothing; what a record's own equality throws
/// becomes the answer.</item>
/// </list>
/// Under the driver's gate. Readers of this node go to the <see cref="Partition"/>'s tables directly.
/// </remarks>
/// <param name="shared">What the copies of one engine share.</param>
/// <param name="index">Which partition it is a copy of.</param>
/// <param name="partition">Of this copy alone.</param>
internal sealed partial class TablesState(EnginePartitionStates shared, int index, Partition partition)
    : IPartitionState
{
    /// <summary>What a record weighs on average, of those that came lately.</summary>
    private long _averageBytes = 64;

    /// <summary>By table, the one index of a table that has one.</summary>
    private readonly RecordIndex?[] _indexes = new RecordIndex?[BucketIndex.Tables.Length];

    public int Index => index;

    public Partition Partition => partition;

    /// <summary>Told of the one index of a table that has one; null while readers are kept out.</summary>
    public Action<TableId, RecordIndex?>? Lanes
    {
        get;
        set
        {
            field?.Invoke(TableId.Records, null);
            field?.Invoke(TableId.Bytes, null);
            field = value;
            for (int table = 0; table < _indexes.Length; table++)
            {
                field?.Invoke((TableId)table, _indexes[table]);
            }
        }
    }

    /// <summary>Whether this node leads the partition by this copy.</summary>
    public bool IsLed
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                partition.IsCounted = value;
            }
        }
    }

    /// <inheritdoc/>
    public long Count
    {
        get
        {
            long count = 0;
            for (int table = 0; table < TableIds.Count; table++)
            {
                count += CountOf(table);
            }

            return count;
        }
    }

    /// <inheritdoc/>
    public long Bytes => Count * _averageBytes;

    /// <summary>Where entries that were read are queued.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<EntryBearer> Touches => shared.Touches;

    /// <summary>A table has got its one index, or a second one.</summary>
    public void OnIndex(TableId table, RecordIndex? index)
    {
        if (_indexes.Length > (int)table)
        {
            _indexes[(int)table] = index;
            Lanes?.Invoke(table, index);
        }
    }

    /// <inheritdoc/>
    public long CountOf(int table) => partition.Find((TableId)table)?.Count ?? 0;

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "A copy that stops would stop its whole partition.")]
    public void Apply(in Effect effect)
    {
        try
        {
            Carry(effect);
        }
        catch (Exception error)
        {
            Log.EffectFailed(shared.Logger, effect.Kind.ToString(), error);
        }
    }

    /// <inheritdoc/>
    public void Split(in Effect effect, List<Effect> into)
    {
        if (effect.Kind != EffectKind.PutMany)
        {
            into.Add(effect);
            return;
        }

        var reader = new MessageReader(effect.Value.AsSpan(2));
        EntryTermsBytes terms = EntryTermsBytes.Read(ref reader);
        int count = reader.Count(sizeof(int));
        for (int i = 0; i < count; i++)
        {
            byte[] value = PutValue((TableId)effect.Table, terms, reader.Bytes());
            into.Add(new Effect(EffectKind.Put, effect.Table, [], value, effect.Deadline, effect.Limit));
        }
    }

    private static byte[] PutValue(TableId table, EntryTermsBytes terms, ReadOnlySpan<byte> record)
    {
        using var output = new WireBuffer();
        output.WriteByte((byte)OperationCode.Put);
        output.WriteByte((byte)table);
        terms.Write(output);
        output.Write(record);
        return output.ToArray();
    }

    private void Carry(in Effect effect)
    {
        var table = (TableId)effect.Table;
        if (table is not (TableId.Records or TableId.Bytes))
        {
            throw new InvalidOperationException($"Table {effect.Table} is not replicated.");
        }

        switch (effect.Kind)
        {
            case EffectKind.Put:
                Put(table, effect);
                break;
            case EffectKind.PutMany:
                PutMany(table, effect);
                break;
            case EffectKind.Clear:
                partition.DeleteAll(table);
                _lacked.Clear(table);
                ForgetKeys(table);
                break;
            case EffectKind.Delete:
            case EffectKind.DeleteSome:
                Delete(table, effect);
                break;
            case EffectKind.Extend:
                Extend(table, effect);
                break;
            default:
                throw new InvalidOperationException($"Unknown effect {effect.Kind}.");
        }
    }

    private void Extend(TableId table, in Effect effect)
    {
        object key = ReadKey(effect.Key);
        int named = effect.Value.Length == sizeof(int) ? BitConverter.ToInt32(effect.Value) : 0;
        if (_lacked.Extend(table, key, named, effect.Deadline) is not { } place)
        {
            return;
        }

        long deadline = TicksOf(effect.Deadline);
        partition.Extend(table, key, shared.Shapes[effect.Table].HashKey(key), place, deadline);
        if (EntriesOf(table, key) is var entries && place < entries.Count
            && entries[place].Node?.Toucher is EntryBearer bearer)
        {
            bearer.Told = Math.Max(bearer.Told, deadline);
        }
    }

    private void Put(TableId table, in Effect effect)
    {
        var reader = new MessageReader(effect.Value.AsSpan(2));
        EntryTermsBytes terms = EntryTermsBytes.Read(ref reader);
        ReadOnlyMemory<byte> bytes = effect.Value.AsMemory(effect.Value.Length - reader.Remaining);
        _averageBytes += (bytes.Length - _averageBytes) >> 4;
        RecordShape shape = shared.Shapes[(int)table];
        RecordMover mover;
        ulong hash;
        if (shared.Staged is { } staged && ReferenceEquals(staged.Operation, effect.Value))
        {
            (mover, hash) = (staged.Mover, staged.Hash);
        }
        else
        {
            mover = LoadOrLack(table, effect, bytes);
            hash = mover.HashKey(shape);
        }

        EntryNode? node = NodeFor(table, terms, effect, mover, shape);
        Regain(table, mover, shape);
        NoteKey(table, mover, shape);
        mover.Put(partition, table, hash, node);
    }

    private void PutMany(TableId table, in Effect effect)
    {
        var reader = new MessageReader(effect.Value.AsSpan(2));
        EntryTermsBytes terms = EntryTermsBytes.Read(ref reader);
        RecordShape shape = shared.Shapes[(int)table];
        int count = reader.Count(sizeof(int));
        RecordMover? current = null;
        Exception? failure = null;
        for (int i = 0; i < count; i++)
        {
            int length = reader.I32();
            int start = effect.Value.Length - reader.Remaining;
            reader.Slice((uint)length);
            if (reader.Failed)
            {
                break;
            }

            RecordMover mover;
            try
            {
                mover = Load(effect.Value.AsMemory(start, length));
            }
            catch (UnsupportedValueException error)
            {
                // What came before it has to be there first, for its place among others.
                current?.PutBatch(partition, table);
                LackOne(table, effect, terms, effect.Value.AsMemory(start, length));
                failure = error;
                continue;
            }

            if (mover != current)
            {
                failure = current?.PutBatch(partition, table) ?? failure;
                current = mover;
            }

            ulong hash = mover.HashKey(shape);
            EntryNode? node = NodeFor(table, terms, effect, mover, shape);
            Regain(table, mover, shape);
            NoteKey(table, mover, shape);
            mover.Add(hash, node);
        }

        failure = current?.PutBatch(partition, table) ?? failure;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Delete(TableId table, in Effect effect)
    {
        object key = ReadKey(effect.Key);
        ulong hash = shared.Shapes[effect.Table].HashKey(key);
        var reason = effect.Value.Length == 0 ? RemovalReason.Deleted : (RemovalReason)effect.Value[0];
        int[] places = [];
        if (effect.Kind == EffectKind.Delete)
        {
            _lacked.Remove(table, key);
        }
        else
        {
            places = new int[(effect.Value.Length - 1) / sizeof(int)];
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = BitConverter.ToInt32(effect.Value.AsSpan(1 + (i * sizeof(int))));
            }

            places = _lacked.RemoveSome(table, key, places);
            if (places.Length == 0)
            {
                return;
            }
        }

        if (reason != RemovalReason.Deleted)
        {
            int left = partition.Forget(table, key, hash, places, reason, IsLed);
            shared.Count(reason, IsLed ? left : 0);
        }
        else if (effect.Kind == EffectKind.Delete)
        {
            partition.Delete(table, key, hash);
        }
        else
        {
            partition.DeleteSome(table, key, hash, places);
        }
    }

    private RecordMover Load(ReadOnlyMemory<byte> bytes)
    {
        RecordMover mover = shared.Movers.For(bytes.Span) ?? throw Unreadable(WireReadResult.UnknownType);
        WireReadResult result = mover.Load(bytes);
        return result == WireReadResult.Ok ? mover : throw Unreadable(result);
    }

    private static UnsupportedValueException Unreadable(WireReadResult result) =>
        new($"A record cannot be read: {result}. Are the same wire types registered at every node?");

    /// <summary>The bookkeeping of an entry on this node, or null when it needs none.</summary>
    private EntryNode? NodeFor(
        TableId table, EntryTermsBytes terms, in Effect effect, RecordMover mover, RecordShape shape)
    {
        bool ends = effect.Deadline != Effect.NoDeadline;
        if (!ends && shared.Budget is null)
        {
            return null;
        }

        // A class hands the bearer its key for good; of a record that lies inline it is a copy.
        var bearer = new EntryBearer(this, table, mover.Record[shape.KeyPosition]!);
        long deadline = TicksOf(effect.Deadline);
        bearer.Told = deadline;
        bearer.Node = new EntryNode(deadline, terms.Sliding, TicksOf(effect.Limit))
        {
            Size = terms.Size,
            Priority = terms.Priority,
            Toucher = bearer,
        };
        return bearer.Node;
    }

    private object ReadKey(byte[] bytes) =>
        shared.Wire.ReadValue(bytes, out object? key) == WireReadResult.Ok && key is not null
            ? key
            : throw new UnsupportedValueException(
                "A key cannot be read. Are the same wire types registered at every node?");

    private long TicksOf(long milliseconds)
    {
        if (milliseconds == Effect.NoDeadline)
        {
            return long.MaxValue;
        }

        long now = shared.Clock.GetUtcNow().UtcTicks;
        Int128 ticks = now + ((Int128)(milliseconds - shared.NodeClock.Now) * TimeSpan.TicksPerMillisecond);
        return ticks >= long.MaxValue ? long.MaxValue : (long)ticks;
    }
}
