namespace SuperCache.Storage;

/// <summary>Collects checked records that are to be stored together. Not for several threads.</summary>
internal sealed class PutList<TRecord>
{
    private const int FirstCapacity = 16;

    private TRecord[] _records = [];
    private ulong[] _hashes = [];

    /// <summary>Empty until a record has one.</summary>
    private EntryNode?[] _nodes = [];
    private int _count;

    public PendingPuts<TRecord> Puts =>
        new(_records.AsSpan(0, _count), _hashes.AsSpan(0, _count), _nodes.AsSpan(0, _nodes.Length == 0 ? 0 : _count));

    public void Add(in TRecord record, ulong hash, EntryNode? node)
    {
        if (_count == _records.Length)
        {
            int capacity = Math.Max(FirstCapacity, _count * 2);
            Array.Resize(ref _records, capacity);
            Array.Resize(ref _hashes, capacity);
            Array.Resize(ref _nodes, _nodes.Length == 0 ? 0 : capacity);
        }

        if (node is not null && _nodes.Length == 0)
        {
            _nodes = new EntryNode?[_records.Length];
        }

        _records[_count] = record;
        _hashes[_count] = hash;
        if (_nodes.Length != 0)
        {
            _nodes[_count] = node;
        }

        _count++;
    }

    /// <summary>Lets go of all of them.</summary>
    public void Clear()
    {
        _records.AsSpan(0, _count).Clear();
        Array.Clear(_nodes);
        _count = 0;
    }
}
