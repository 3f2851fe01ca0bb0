using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>An inner node of an <see cref="OrderedIndex"/>.</summary>
/// <param name="separators">Keys, ascending, one fewer than children (O2).</param>
/// <param name="children">Leaves or inner nodes; elements are replaced by the writer (O1).</param>
internal sealed class InnerNode(object[] separators, object[] children)
{
    public object[] Separators => separators;

    public object Child(int index) => Volatile.Read(ref children[index]);

    public void SetChild(int index, object child) => Volatile.Write(ref children[index], child);

    public object ChildFor<TKey>(TKey key) => Child(IndexFor(key));

    /// <summary>The child whose range holds a key.</summary>
    public int IndexFor<TKey>(TKey key)
    {
        int low = 0;
        int high = separators.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = KeyOrder.Compare(key, separators[middle]) >= 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>A copy with two children in the place of one, itself split when it has become too large.</summary>
    public object WithSplit(int index, OrderedIndex.Split split)
    {
        object[] keys = [.. separators.AsSpan(0, index), split.Separator, .. separators.AsSpan(index)];
        object[] nodes = [.. children.AsSpan(0, index), split.Left, split.Right, .. children.AsSpan(index + 1)];
        if (nodes.Length <= OrderedIndex.MaxChildren)
        {
            return new InnerNode(keys, nodes);
        }

        int middle = nodes.Length / 2;
        return new OrderedIndex.Split(
            new InnerNode(keys[..(middle - 1)], nodes[..middle]),
            keys[middle - 1],
            new InnerNode(keys[middle..], nodes[middle..]));
    }

    /// <summary>What is to stand here when a child has changed or, being null, vanished.</summary>
    public object? WithChild(int index, object? child)
    {
        if (child is not null)
        {
            if (TryMerge(index, child) is { } merged)
            {
                return merged;
            }

            SetChild(index, child);
            return this;
        }

        if (children.Length == 1)
        {
            return null;
        }

        int separator = Math.Max(0, index - 1);
        return Collapse(
            [.. separators.AsSpan(0, separator), .. separators.AsSpan(separator + 1)],
            [.. children.AsSpan(0, index), .. children.AsSpan(index + 1)]);
    }

    private static object Collapse(object[] keys, object[] nodes) =>
        nodes.Length == 1 ? nodes[0] : new InnerNode(keys, nodes);

    /// <summary>Joins a leaf that has become small with the one to its right, so that removals do not leave
    /// crumbs.</summary>
    private object? TryMerge(int index, object child)
    {
        bool isCandidate = child is OrderedEntry[] { Length: <= OrderedIndex.MaxLeaf / 4 } && index < separators.Length;
        if (!isCandidate || Child(index + 1) is not OrderedEntry[] right)
        {
            return null;
        }

        var left = (OrderedEntry[])child;
        if (left.Length + right.Length > OrderedIndex.MaxLeaf / 2)
        {
            return null;
        }

        OrderedEntry[] joined = [.. left, .. right];
        return Collapse(
            [.. separators.AsSpan(0, index), .. separators.AsSpan(index + 1)],
            [.. children.AsSpan(0, index), joined, .. children.AsSpan(index + 2)]);
    }
}
