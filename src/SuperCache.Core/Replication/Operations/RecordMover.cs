using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>Takes records of one type from bytes into partitions, as that type, so that they lie there as if they had
/// been put here.</summary>
/// <remarks>Holds one record at a time. Under the gate of the node's driver.</remarks>
internal abstract class RecordMover
{
    /// <summary>Reads a record and keeps it.</summary>
    public abstract WireReadResult Load(ReadOnlyMemory<byte> bytes);

    /// <summary>The kept record.</summary>
    public abstract ITuple Record { get; }

    /// <summary>Hashes the kept record's key.</summary>
    public abstract ulong HashKey(RecordShape shape);

    /// <summary>The kept record's key; null where it is plain, so that comparing it throws nothing.</summary>
    public abstract object? KeyUnlessPlain(int position);

    /// <summary>Whether comparing the kept record may run code that is not the runtime's own.</summary>
    public abstract bool MayThrow { get; }

    /// <summary>Puts the kept record, and lets go of it.</summary>
    public abstract void Put(Partition partition, TableId table, ulong hash, EntryNode? node);

    /// <summary>Adds the kept record to a batch, and lets go of it.</summary>
    public abstract void Add(ulong hash, EntryNode? node);

    /// <summary>Puts the batch, and lets go of it. A record whose comparison throws is left out, alone.</summary>
    /// <returns>What the first such comparison has thrown.</returns>
    public abstract Exception? PutBatch(Partition partition, TableId table);

    /// <summary>Lets go of the kept record.</summary>
    public abstract void Clear();
}

/// <inheritdoc/>
internal sealed class RecordMover<TRecord>(WireCodec wire, ValueCodec<TRecord> codec) : RecordMover
    where TRecord : ITuple
{
    private TRecord? _record;
    private readonly PutList<TRecord> _batch = new();

    public override ITuple Record => _record!;

    public override WireReadResult Load(ReadOnlyMemory<byte> bytes)
    {
        WireReadResult result = wire.ReadRecord(bytes, codec, out _record);
        return result == WireReadResult.Ok && _record is null ? WireReadResult.Malformed : result;
    }

    /// <summary>Keeps a record that need not be read.</summary>
    public void Keep(in TRecord record) => _record = record;

    public override ulong HashKey(RecordShape shape) => shape.ReadKey(in _record!);

    public override object? KeyUnlessPlain(int position) =>
        PlainElements<TRecord>.Is(in _record!, position) ? null : _record![position];

    public override bool MayThrow => PlainElements<TRecord>.MayThrow(in _record!);

    public override void Put(Partition partition, TableId table, ulong hash, EntryNode? node)
    {
        partition.Put(table, in _record!, hash, node);
        _record = default;
    }

    public override void Add(ulong hash, EntryNode? node)
    {
        _batch.Add(in _record!, hash, node);
        _record = default;
    }

    public override Exception? PutBatch(Partition partition, TableId table)
    {
        Exception? failure = partition.PutAll(table, _batch.Puts);
        _batch.Clear();
        return failure;
    }

    public override void Clear() => _record = default;
}

/// <summary>The movers of one engine, by type.</summary>
/// <param name="wire">Reads records.</param>
/// <param name="codecs">Knows the types.</param>
internal sealed class RecordMovers(WireCodec wire, CodecTable codecs)
{
    private readonly Dictionary<ValueCodec, RecordMover> _byCodec = [];
    private ValueCodec? _lastCodec;
    private RecordMover? _last;

    /// <summary>The mover of the record that some bytes hold; null when they hold none.</summary>
    public RecordMover? For(ReadOnlySpan<byte> bytes)
    {
        if (_lastCodec is not null && bytes.Length > 1 && bytes[0] == WireCodec.FormVersion
            && bytes[1..].StartsWith(_lastCodec.Descriptor.Bytes))
        {
            return _last;
        }

        return wire.CodecOf(bytes) is { } codec && typeof(ITuple).IsAssignableFrom(codec.Type) ? Find(codec) : null;
    }

    /// <summary>The mover of a type; null when its records do not travel as that type.</summary>
    public RecordMover<TRecord>? Of<TRecord>()
        where TRecord : ITuple
    {
        if (_last is RecordMover<TRecord> last)
        {
            return last;
        }

        return codecs.Of(typeof(TRecord)) is { } codec ? Find(codec) as RecordMover<TRecord> : null;
    }

    private RecordMover Find(ValueCodec codec)
    {
        if (!_byCodec.TryGetValue(codec, out RecordMover? mover))
        {
            _byCodec[codec] = mover = Create(codec);
        }

        (_lastCodec, _last) = (codec, mover);
        return mover;
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where dynamic code is supported.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "The type is that of a codec in use.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The one constructor is referenced above.")]
    private RecordMover Create(ValueCodec codec) => RuntimeFeature.IsDynamicCodeSupported
        ? (RecordMover)Activator.CreateInstance(typeof(RecordMover<>).MakeGenericType(codec.Type), wire, codec)!
        : new BoxedMover(wire);

    /// <summary>Where the runtime cannot build generic code, records are boxed everywhere.</summary>
    private sealed class BoxedMover(WireCodec wire) : RecordMover
    {
        private readonly PutList<ITuple> _batch = new();
        private ITuple? _record;

        public override ITuple Record => _record!;

        public override WireReadResult Load(ReadOnlyMemory<byte> bytes) => wire.ReadRecord(bytes, out _record);

        public override ulong HashKey(RecordShape shape) => shape.ReadKey(in _record!);

        public override object? KeyUnlessPlain(int position) =>
            PlainTypes.Is(_record![position]) ? null : _record[position];

        public override bool MayThrow => PlainElements<ITuple>.MayThrow(in _record!);

        public override void Put(Partition partition, TableId table, ulong hash, EntryNode? node)
        {
            partition.Put(table, in _record!, hash, node);
            _record = null;
        }

        public override void Add(ulong hash, EntryNode? node) => _batch.Add(in _record!, hash, node);

        public override Exception? PutBatch(Partition partition, TableId table)
        {
            Exception? failure = partition.PutAll(table, _batch.Puts);
            _batch.Clear();
            return failure;
        }

        public override void Clear() => _record = null;
    }
}
