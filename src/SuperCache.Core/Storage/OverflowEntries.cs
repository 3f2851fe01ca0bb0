using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SuperCache.Storage;

/// <summary>The few entries of a hash index whose keys all hash alike (X3).</summary>
internal sealed class OverflowEntries<TSlot>
{
    private readonly ConcurrentDictionary<object, Entry> _entries = new();

    /// <summary>A snapshot-free view of all entries; for the writer.</summary>
    public IEnumerable<Entry> All => _entries.Values;

    /// <summary>Any thread.</summary>
    public bool TryFind(object key, [MaybeNullWhen(false)] out TSlot slot, out EntryNode? node)
    {
        bool found = _entries.TryGetValue(key, out Entry? entry);
        slot = found ? entry!.Slot : default;
        node = entry?.Node;
        return found;
    }

    public void Add(object key, in TSlot slot, EntryNode? node, ulong hash) => _entries[key] = new Entry(slot, node, hash);

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

    /// <summary>One entry; immutable.</summary>
    internal sealed class Entry(TSlot slot, EntryNode? node, ulong hash)
    {
        private readonly TSlot _slot = slot;

        public ref readonly TSlot Slot => ref _slot;

        public EntryNode? Node => node;

        public ulong Hash => hash;
    }
}
