using System.Runtime.CompilerServices;
using SuperCache.Matching;

namespace SuperCache.Storage;

/// <summary>A table of kind <see cref="TableKind.OrderedSet"/>: one record a key, visited by ascending key.</summary>
/// <param name="keyPosition">See the base class.</param>
/// <param name="clock">See the base class.</param>
/// <param name="keeper">See the base class.</param>
internal sealed class OrderedTable(int keyPosition, TimeProvider clock, NodeKeeper keeper)
    : Table(keyPosition, clock, keeper)
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
    public override void CollectEntries<TKey>(TKey key, ulong hash, List<StoredEntry> into)
    {
        if (_index.Find(key) is { } entry)
        {
            into.Add(new StoredEntry(entry.Record, entry.Node));
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
    public override void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
    {
        object key = KeyOf(in record);
        OrderedEntry? replaced = _index.Put(new OrderedEntry(key, record, node));
        Keeper.Leave(replaced?.Node, RemovalReason.Replaced);
        Keeper.Join(node, this, key, hash);
    }

    /// <inheritdoc/>
    public override int Remove<TKey>(TKey key, ulong hash)
    {
        OrderedEntry? removed = _index.Remove(key);
        bool wasThere = removed is not null && IsThere(removed.Node);
        Keeper.Leave(removed?.Node, RemovalReason.Deleted);
        return wasThere ? 1 : 0;
    }

    /// <inheritdoc/>
    public override int RemoveWhere(MatchPattern pattern)
    {
        var keys = new List<object>();
        Visit(pattern, new KeyCollector(KeyPosition, keys));
        return keys.Sum(key => Remove(key, 0));
    }

    /// <inheritdoc/>
    public override ITuple? RemoveNode(EntryNode node, bool wantsRecord)
    {
        OrderedEntry? removed = _index.Find(node.Home!)?.Node == node ? _index.Remove(node.Home!) : null;
        return wantsRecord ? removed?.Record : null;
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        var all = new List<OrderedEntry>();
        for (ReadOnlySpan<OrderedEntry> leaf = _index.LeafAfter(
            null); !leaf.IsEmpty; leaf = _index.LeafAfter(all[^1].Key))
        {
            all.AddRange(leaf);
        }

        _index.Reset();
        all.ForEach(entry => Keeper.Leave(entry.Node, RemovalReason.Deleted));
    }

    private sealed class KeyCollector(int keyPosition, List<object> keys) : RecordVisitor
    {
        public override void Visit(ITuple record) => keys.Add(record[keyPosition]!);
    }
}
