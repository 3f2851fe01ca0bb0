using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Replication.Operations;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>Makes the tables under copies of partitions, and holds what all of them share.</summary>
internal sealed class EnginePartitionStates : IPartitionStateFactory
{
    private readonly IRemovalSink _notifier;
    private readonly Func<TableId, NodeKeeper, Action<RecordIndex?>, Table> _createTable;

    private readonly OperationWriter[] _writers;
    private readonly TableKind _kind;

    /// <summary>Movers that hold nothing but what is staged.</summary>
    private readonly RecordMovers _stages;

    /// <param name="types">The application's types.</param>
    /// <param name="shapes">By <see cref="TableId"/>, how the table's keys are read and hashed.</param>
    /// <param name="kind">Of the table <see cref="TableId.Records"/>.</param>
    /// <param name="createTable">Makes one partition's slice of a table.</param>
    /// <param name="budget">What the entries of the partitions that this node leads may weigh; null for no
    /// limit.</param>
    /// <param name="notifier">Is told of entries that expired or were evicted, at their primary.</param>
    /// <param name="clock">The engine's.</param>
    /// <param name="logger">Where undecodable records are reported.</param>
    public EnginePartitionStates(
        CodecTable types,
        RecordShape[] shapes,
        TableKind kind,
        Func<TableId, NodeKeeper, Action<RecordIndex?>, Table> createTable,
        SizeBudget? budget,
        IRemovalSink notifier,
        TimeProvider clock,
        ILogger logger)
    {
        _createTable = createTable;
        _notifier = notifier;
        Hash = new StableHash(types);
        Wire = new WireCodec(types);
        _writers = [.. BucketIndex.Tables.Select(id => new OperationWriter(Wire, clock, shapes[(int)id].KeyPosition))];
        Movers = new RecordMovers(Wire, types);
        _stages = new RecordMovers(Wire, types);
        Clock = clock;
        NodeClock = new NodeClock(clock);
        Shapes = shapes;
        _kind = kind;
        Budget = budget;
        Logger = logger;
    }

    public StableHash Hash { get; }

    public WireCodec Wire { get; }

    /// <summary>Writes what names no record.</summary>
    public OperationWriter Writer => _writers[0];

    /// <summary>Under the driver's gate.</summary>
    public RecordMovers Movers { get; }

    public TimeProvider Clock { get; }

    public NodeClock NodeClock { get; }

    public RecordShape[] Shapes { get; }

    public SizeBudget? Budget { get; }

    public ILogger Logger { get; }

    /// <summary>The put that is being carried out here, so that its record need not be read from its own bytes. Under
    /// the driver's gate.</summary>
    public (byte[] Operation, RecordMover Mover, ulong Hash)? Staged { get; private set; }

    /// <summary>Entries that have left partitions led here because they had expired.</summary>
    public long Expirations { get; private set; }

    /// <summary>Entries that have left partitions led here for room.</summary>
    public long Evictions { get; private set; }

    /// <summary>Entries that were read and whose primary is to be told. Any thread.</summary>
    public ConcurrentQueue<EntryBearer> Touches { get; } = new();

    /// <inheritdoc/>
    public byte[] Aged(byte[] operation, long milliseconds)
    {
        if (milliseconds <= 0 || operation.Length < 2
            || (OperationCode)operation[0] is not (OperationCode.Put or OperationCode.PutMany))
        {
            return operation;
        }

        var reader = new MessageReader(operation.AsSpan(2));
        EntryTermsBytes terms = EntryTermsBytes.Read(ref reader);
        if (reader.Failed || terms.Life == long.MaxValue)
        {
            return operation;
        }

        using var aged = new WireBuffer();
        aged.Write(operation.AsSpan(0, 2));
        (terms with { Life = Math.Max(0, terms.Life - (milliseconds * TimeSpan.TicksPerMillisecond)) }).Write(aged);
        aged.Write(operation.AsSpan(operation.Length - reader.Remaining));
        return aged.ToArray();
    }

    /// <inheritdoc/>
    IPartitionState IPartitionStateFactory.Create(PartitionId partition)
    {
        var keeper = new NodeKeeper(Clock, Budget, static () => { }, isReplicated: true) { IsCounted = false };
        TablesState? state = null;
        var tables = new Partition(
            (id, own) => _createTable(id, own, index => state!.OnIndex(id, index)), keeper, _notifier);
        return state = new TablesState(this, partition.Value, tables);
    }

    /// <summary>Whether a table may hold several records of a key.</summary>
    public bool IsBag(TableId table) =>
        table == TableId.Records && _kind is TableKind.Bag or TableKind.DuplicateBag;

    /// <summary>Whether a table may hold several equal records.</summary>
    public bool AllowsDuplicates(TableId table) => table == TableId.Records && _kind == TableKind.DuplicateBag;

    /// <summary>Writes what concerns one table.</summary>
    public OperationWriter WriterOf(TableId table) => _writers[(int)table];

    /// <summary>Counts entries that have left. Under the driver's gate.</summary>
    public void Count(RemovalReason reason, int entries)
    {
        Expirations += reason == RemovalReason.Expired ? entries : 0;
        Evictions += reason == RemovalReason.Evicted ? entries : 0;
    }

    /// <summary>Keeps the record of a put for the time it is carried out.</summary>
    public void Stage<TRecord>(byte[] operation, in TRecord record, ulong hash)
        where TRecord : ITuple
    {
        // A record that stands for its bytes here must be what the other copies read from them: in a bag it is compared
        // with the others of its key, and where it holds arrays a copy is another one.
        if (typeof(TRecord).IsValueType
            && PlainElements<TRecord>.IsLikeItsCopy(in record, IsBag((TableId)operation[1]))
            && _stages.Of<TRecord>() is { } mover)
        {
            mover.Keep(in record);
            Staged = (operation, mover, hash);
        }
    }

    /// <summary>Ends it.</summary>
    public void Unstage()
    {
        Staged?.Mover.Clear();
        Staged = null;
    }
}
