namespace SuperCache.Storage;

/// <summary>A doubly linked list of nodes, oldest to newest, through one of their two links.</summary>
/// <param name="isTimer">Whether it runs through <see cref="EntryNode.Timer"/> or
/// <see cref="EntryNode.Queue"/>.</param>
internal sealed class NodeList(bool isTimer)
{
    private EntryNode? _newest;

    public EntryNode? Oldest { get; private set; }

    /// <summary>The sizes of the nodes added up.</summary>
    public long Size { get; private set; }

    public int Count { get; private set; }

    public void Add(EntryNode node)
    {
        ref NodeLink link = ref LinkOf(node);
        link = new NodeLink { List = this, Older = _newest };
        if (_newest is null)
        {
            Oldest = node;
        }
        else
        {
            LinkOf(_newest).Newer = node;
        }

        _newest = node;
        Size += node.Size;
        Count++;
    }

    public void Remove(EntryNode node)
    {
        NodeLink link = LinkOf(node);
        if (link.Older is null)
        {
            Oldest = link.Newer;
        }
        else
        {
            LinkOf(link.Older).Newer = link.Newer;
        }

        if (link.Newer is null)
        {
            _newest = link.Older;
        }
        else
        {
            LinkOf(link.Newer).Older = link.Older;
        }

        LinkOf(node) = default;
        Size -= node.Size;
        Count--;
    }

    /// <summary>Makes the oldest node the newest.</summary>
    public void Rotate()
    {
        EntryNode node = Oldest!;
        Remove(node);
        Add(node);
    }

    private ref NodeLink LinkOf(EntryNode node) => ref isTimer ? ref node.Timer : ref node.Queue;
}
