using System.Runtime.CompilerServices;
using SuperCache.Matching;

namespace SuperCache.Storage;

/// <summary>A table of kind <see cref="TableKind.OrderedSet"/>: one record a key, visited by ascending key.</summary>
/// <param name="keyPosition">See the base class.</param>
/// <param name="clock">See the base class.</param>
internal sealed class OrderedTable(int keyPosition, TimeProvider clock) : Table(keyPosition, clock)
{
    private readonly OrderedIndex _index = new();

    /// <inheritdoc/>
    public override long Count => _index.Count;

    /// <inheritdoc/>
    public override bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
    {
        OrderedEntry? entry = _index.Find(key);
        bool isLive = entry is not null && IsLive(entry.Node);
        record = isLive ? RecordTypes.Cast<TRecord>(entry!.Record) : default!;
        return isLive;
    }

    /// <inheritdoc/>
    public override void Collect<TKey, TRecord>(TKey key, ulong hash, List<TRecord> into)
    {
        if (TryGet(key, hash, out TRecord record))
        {
            into.Add(record);
        }
    }

    /// <inheritdoc/>
    public override void Visit(MatchPattern? pattern, RecordVisitor visitor)
    {
        object? last = null;
        for (ReadOnlySpan<OrderedEntry> leaf = _index.LeafAfter(null); !leaf.IsEmpty; leaf = _index.LeafAfter(last))
        {
            foreach (OrderedEntry entry in leaf)
            {
                if (IsThere(entry.Node) && (pattern is null || pattern.Matches(entry.Record)))
                {
                    visitor.Visit(entry.Record);
                }
            }

            last = leaf[^1].Key;
        }
    }

    /// <inheritdoc/>
    public override void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node) =>
        _index.Put(new OrderedEntry(KeyOf(in record), record, node));

    /// <inheritdoc/>
    public override int Remove<TKey>(TKey key, ulong hash) =>
        _index.Remove(key) is { } removed && IsThere(removed.Node) ? 1 : 0;

    /// <inheritdoc/>
    public override int RemoveWhere(MatchPattern pattern)
    {
        var keys = new List<object>();
        Visit(pattern, new KeyCollector(KeyPosition, keys));
        keys.ForEach(key => _index.Remove(key));
        return keys.Count;
    }

    /// <inheritdoc/>
    public override void Clear() => _index.Reset();

    private sealed class KeyCollector(int keyPosition, List<object> keys) : RecordVisitor
    {
        public override void Visit(ITuple record) => keys.Add(record[keyPosition]!);
    }
}
