namespace SuperCache.Storage;

/// <summary>Checked records on their way into a partition, in their order.</summary>
/// <remarks>The records lie where they were checked, among those of other partitions; the order names theirs. Moving
/// them together first would cost as much as storing them.</remarks>
internal readonly ref struct PendingPuts<TRecord>
{
    private readonly ReadOnlySpan<TRecord> _records;
    private readonly ReadOnlySpan<ulong> _hashes;
    private readonly ReadOnlySpan<EntryNode?> _nodes;
    private readonly ReadOnlySpan<int> _order;
    private readonly int _start;

    /// <param name="records">All records.</param>
    /// <param name="hashes">The hash of each one's key.</param>
    /// <param name="nodes">The node of each; empty where none has one.</param>
    /// <param name="order">Which of them are meant, in their order.</param>
    public PendingPuts(
        ReadOnlySpan<TRecord> records,
        ReadOnlySpan<ulong> hashes,
        ReadOnlySpan<EntryNode?> nodes,
        ReadOnlySpan<int> order)
    {
        _records = records;
        _hashes = hashes;
        _nodes = nodes;
        _order = order;
        Length = order.Length;
    }

    private PendingPuts(PendingPuts<TRecord> all, int start)
    {
        this = all;
        _start += start;
        Length -= start;
    }

    /// <summary>All of them, as they lie.</summary>
    public PendingPuts(ReadOnlySpan<TRecord> records, ReadOnlySpan<ulong> hashes, ReadOnlySpan<EntryNode?> nodes)
        : this(records, hashes, nodes, [])
        => Length = records.Length;

    public int Length { get; }

    /// <summary>The record of a place below <see cref="Length"/>.</summary>
    public ref readonly TRecord RecordAt(int place) => ref _records[At(place)];

    public ulong HashAt(int place) => _hashes[At(place)];

    public EntryNode? NodeAt(int place) => _nodes.IsEmpty ? null : _nodes[At(place)];

    /// <summary>Those from a place on.</summary>
    public PendingPuts<TRecord> From(int place) => new(this, place);

    private int At(int place) => _order.IsEmpty ? _start + place : _order[_start + place];
}
