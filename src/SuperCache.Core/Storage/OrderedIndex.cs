using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>An ordered index of entries: a B+ tree that is read without locks beside one writer.</summary>
/// <remarks>
/// <para>
/// Leaves are immutable arrays of entries. A put or a removal copies one leaf (at most <see cref="MaxLeaf"/>
/// references) and stores the copy
/// in its parent by one write. Only when a leaf or an inner node splits or vanishes is its parent copied too, and so
/// on upwards.
/// </para>
/// <list type="number">
/// <item>O1: the separators and the number of children of an inner node never change; a child is replaced by one
/// with the same key range.</item>
/// <item>O2: child i holds the keys below separator i and not below separator i - 1.</item>
/// <item>O3: a node that has left the tree is never written again, so a reader that holds it answers as of a moment
/// within its call.</item>
/// </list>
/// <para>Why not a skip list: see docs/decisions.md. Source: Bayer and McCreight (1972); Comer, "The ubiquitous
/// B-tree" (1979).</para>
/// </remarks>
internal sealed class OrderedIndex
{
    internal const int MaxLeaf = 48;
    internal const int MaxChildren = 48;

    /// <summary>An <see cref="OrderedEntry"/> array or an <see cref="InnerNode"/>.</summary>
    private object _root = Array.Empty<OrderedEntry>();
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Finds the entry of a key. Any thread; O(log n).</summary>
    public OrderedEntry? Find<TKey>(TKey key)
    {
        object node = Volatile.Read(ref _root);
        while (node is InnerNode inner)
        {
            node = inner.ChildFor(key);
        }

        var leaf = (OrderedEntry[])node;
        int place = Search(leaf, key);
        return place >= 0 ? leaf[place] : null;
    }

    /// <summary>The entries behind a key, as far as its leaf goes or, where that has none, the next one. Any
    /// thread.</summary>
    /// <param name="after">Entries up to this key are left out; null for none.</param>
    /// <returns>In ascending order; empty at the end.</returns>
    public ReadOnlySpan<OrderedEntry> LeafAfter(object? after)
    {
        object? key = after;
        bool isInclusive = false;
        while (true)
        {
            object node = Volatile.Read(ref _root);
            object? upperBound = null;
            while (node is InnerNode inner)
            {
                int child = key is null ? 0 : inner.IndexFor(key);
                upperBound = child < inner.Separators.Length ? inner.Separators[child] : upperBound;
                node = inner.Child(child);
            }

            var leaf = (OrderedEntry[])node;
            int place = key is null ? 0 : Search(leaf, key);
            int first = place < 0 ? ~place : place + (key is null || isInclusive ? 0 : 1);
            if (first < leaf.Length || upperBound is null)
            {
                return leaf.AsSpan(first);
            }

            key = upperBound;
            isInclusive = true;
        }
    }

    /// <summary>Writer: stores an entry and returns the one with an equal key that it replaced.</summary>
    public OrderedEntry? Put(OrderedEntry entry)
    {
        OrderedEntry? replaced = null;
        object changed = Put(_root, entry, ref replaced);
        object root = changed is Split split ? new InnerNode([split.Separator], [split.Left, split.Right]) : changed;
        Volatile.Write(ref _root, root);
        if (replaced is null)
        {
            Volatile.Write(ref _count, _count + 1);
        }

        return replaced;
    }

    /// <summary>Writer: removes the entry of a key.</summary>
    public OrderedEntry? Remove<TKey>(TKey key)
    {
        OrderedEntry? removed = null;
        object? changed = Remove(_root, key, ref removed);
        Volatile.Write(ref _root, changed ?? Array.Empty<OrderedEntry>());
        if (removed is not null)
        {
            Volatile.Write(ref _count, _count - 1);
        }

        return removed;
    }

    /// <summary>Writer: removes every entry.</summary>
    public void Reset()
    {
        Volatile.Write(ref _root, Array.Empty<OrderedEntry>());
        Volatile.Write(ref _count, 0);
    }

    /// <summary>The place of a key in a leaf, or the complement of where it belongs.</summary>
    internal static int Search<TKey>(OrderedEntry[] leaf, TKey key)
    {
        int low = 0;
        int high = leaf.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = KeyOrder.Compare(key, leaf[middle].Key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order > 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private static object Put(object node, OrderedEntry entry, ref OrderedEntry? replaced)
    {
        if (node is not InnerNode inner)
        {
            return PutIntoLeaf((OrderedEntry[])node, entry, ref replaced);
        }

        int child = inner.IndexFor(entry.Key);
        object changed = Put(inner.Child(child), entry, ref replaced);
        if (changed is Split split)
        {
            return inner.WithSplit(child, split);
        }

        inner.SetChild(child, changed);
        return inner;
    }

    private static object PutIntoLeaf(OrderedEntry[] leaf, OrderedEntry entry, ref OrderedEntry? replaced)
    {
        int place = Search(leaf, entry.Key);
        if (place >= 0)
        {
            replaced = leaf[place];
            var copy = (OrderedEntry[])leaf.Clone();
            copy[place] = entry;
            return copy;
        }

        OrderedEntry[] larger = [.. leaf.AsSpan(0, ~place), entry, .. leaf.AsSpan(~place)];
        if (larger.Length <= MaxLeaf)
        {
            return larger;
        }

        // Keys that arrive in order leave full leaves behind.
        int middle = ~place == leaf.Length ? larger.Length - 2 : larger.Length / 2;
        return new Split(larger[..middle], larger[middle].Key, larger[middle..]);
    }

    /// <summary>What is to stand in a node's place after a removal, or null for nothing.</summary>
    private static object? Remove<TKey>(object node, TKey key, ref OrderedEntry? removed)
    {
        if (node is InnerNode inner)
        {
            int child = inner.IndexFor(key);
            object? changed = Remove(inner.Child(child), key, ref removed);
            return removed is null ? inner : inner.WithChild(child, changed);
        }

        var leaf = (OrderedEntry[])node;
        int place = Search(leaf, key);
        if (place < 0)
        {
            return leaf;
        }

        removed = leaf[place];
        return leaf.Length == 1 ? null : (OrderedEntry[])[.. leaf.AsSpan(0, place), .. leaf.AsSpan(place + 1)];
    }

    /// <summary>Two nodes that take the place of one.</summary>
    internal sealed record Split(object Left, object Separator, object Right);
}
