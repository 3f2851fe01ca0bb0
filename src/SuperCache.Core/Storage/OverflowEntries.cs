using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SuperCache.Storage;

/// <summary>The few entries of a hash index whose keys all hash alike (X3).</summary>
internal sealed class OverflowEntries<TSlot>
{
    private readonly ConcurrentDictionary<object, Entry> _entries = new();

    /// <summary>A snapshot-free view of all entries; for the writer.</summary>
    public IEnumerable<Entry> All => _entries.Values;

    /// <summary>Any thread. With a boxed key one look-up, else a search of those with the same hash.</summary>
    public bool TryFind<TMatch>(
        TMatch match, object? key, ulong hash, [MaybeNullWhen(false)] out TSlot slot, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        Entry? found = key is null ? Search(match, hash) : _entries.GetValueOrDefault(key);
        slot = found is null ? default : found.Slot;
        node = found?.Node;
        return found is not null;
    }

    public void Add(object key, in TSlot slot, EntryNode? node, ulong hash) =>
        _entries[key] = new Entry(slot, node, hash);

    public bool TryReplace(object key, in TSlot slot, EntryNode? node, out EntryNode? replaced)
    {
        replaced = null;
        if (!_entries.TryGetValue(key, out Entry? old))
        {
            return false;
        }

        replaced = old.Node;
        _entries[key] = new Entry(slot, node, old.Hash);
        return true;
    }

    public bool TryRemove(object key, out EntryNode? node)
    {
        bool removed = _entries.TryRemove(key, out Entry? entry);
        node = entry?.Node;
        return removed;
    }

    private Entry? Search<TMatch>(TMatch match, ulong hash)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        foreach ((_, Entry entry) in _entries)
        {
            TSlot slot = entry.Slot;
            if (HashBits.Position(entry.Hash) == HashBits.Position(hash) && match.Matches(ref slot))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>One entry; immutable.</summary>
    internal sealed class Entry(TSlot slot, EntryNode? node, ulong hash)
    {
        private readonly TSlot _slot = slot;

        public ref readonly TSlot Slot => ref _slot;

        public EntryNode? Node => node;

        public ulong Hash => hash;
    }
}
