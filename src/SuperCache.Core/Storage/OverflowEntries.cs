using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SuperCache.Storage;

/// <summary>The few entries of a hash index whose keys all hash alike (X3).</summary>
internal sealed class OverflowEntries<TContent>
{
    private readonly ConcurrentDictionary<object, Entry> _entries = new();

    /// <summary>A snapshot-free view of all entries; for the writer.</summary>
    public IEnumerable<Entry> All => _entries.Values;

    /// <summary>Any thread.</summary>
    public bool TryFind(object key, [MaybeNullWhen(false)] out TContent content, out EntryNode? node)
    {
        Entry? found = _entries.GetValueOrDefault(key);
        content = found is null ? default : found.Content;
        node = found?.Node;
        return found is not null;
    }

    public void Add(object key, in TContent content, EntryNode? node, uint position) =>
        _entries[key] = new Entry(content, node, position);

    public bool TryReplace(object key, in TContent content, EntryNode? node, out EntryNode? replaced)
    {
        replaced = null;
        if (!_entries.TryGetValue(key, out Entry? old))
        {
            return false;
        }

        replaced = old.Node;
        _entries[key] = new Entry(content, node, old.Position);
        return true;
    }

    public bool TryRemove(object key, out EntryNode? node)
    {
        bool removed = _entries.TryRemove(key, out Entry? entry);
        node = entry?.Node;
        return removed;
    }

    /// <summary>One entry; immutable.</summary>
    internal sealed class Entry(TContent content, EntryNode? node, uint position)
    {
        private readonly TContent _content = content;

        public ref readonly TContent Content => ref _content;

        public EntryNode? Node => node;

        public uint Position => position;
    }
}
