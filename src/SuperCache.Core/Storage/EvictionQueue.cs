namespace SuperCache.Storage;

/// <summary>Decides which entry of one priority goes when room is needed.</summary>
/// <remarks>
/// <para>
/// W-TinyLFU on two clocks. A new entry enters the window. What falls out of the window competes with what would
/// fall out of the main part:
/// the one that was asked for more often lately stays. Both parts are first in, first out with a second chance: an
/// entry that was read since it was last looked at goes to the end again, and its reads go into the frequency
/// sketch. So a read costs one
/// store into the entry, and all else is the writer's.
/// </para>
/// <list type="number">
/// <item>E1: an entry of the queue is in exactly one of the two parts, and the parts' sizes are those of their
/// entries.</item>
/// <item>E2: <see cref="TakeVictim"/> looks at a bounded number of entries and finds a victim whenever the queue is
/// not empty.</item>
/// </list>
/// <para>Writer only. Source: Einziger, Friedman and Manes (2017); Corbató's clock (1968).</para>
/// </remarks>
internal sealed class EvictionQueue
{
    /// <summary>The window may take this part of the whole.</summary>
    private const int WindowPart = 10;
    private const int MaxSecondChances = 64;

    private readonly NodeList _window = new(isTimer: false);
    private readonly NodeList _main = new(isTimer: false);
    private readonly FrequencySketch _sketch = new();

    /// <summary>The entry that was added last: it is spared as long as there is another.</summary>
    private EntryNode? _newest;

    public int Count => _window.Count + _main.Count;

    public long Size => _window.Size + _main.Size;

    public void Add(EntryNode node)
    {
        _sketch.EnsureCapacity(Count + 1);
        _sketch.Add(node.Hash, 1);
        _window.Add(node);
        _newest = node;
    }

    /// <summary>Forgets an entry, whether it was taken before or not.</summary>
    public void Remove(EntryNode node)
    {
        node.Queue.List?.Remove(node);
        _newest = _newest == node ? null : _newest;
    }

    /// <summary>While there is room, lets what the window cannot hold into the main part.</summary>
    public void Settle()
    {
        while (IsWindowOver && _window.Oldest is { } oldest)
        {
            _window.Remove(oldest);
            _main.Add(oldest);
        }
    }

    /// <summary>Takes out the entry that is to go; null when the queue is empty.</summary>
    public EntryNode? TakeVictim()
    {
        EntryNode? candidate = IsWindowOver || _main.Count == 0 ? OldestUnread(_window) : null;
        EntryNode? victim = OldestUnread(_main);
        if (candidate is null || victim is null)
        {
            victim ??= candidate ?? OldestUnread(_window);
            if (victim is not null)
            {
                Remove(victim);
            }

            return victim;
        }

        if (FrequencyOf(candidate) > FrequencyOf(victim))
        {
            _window.Remove(candidate);
            _main.Add(candidate);
            _main.Remove(victim);
            return victim;
        }

        _window.Remove(candidate);
        return candidate;
    }

    /// <summary>Whether the window is larger than its share; the newest entry alone never makes it so.</summary>
    private bool IsWindowOver => _window.Count > 1 && _window.Size > Size / WindowPart;

    private int FrequencyOf(EntryNode node) => _sketch.Estimate(node.Hash);

    /// <summary>The oldest entry that was not read since it was looked at; after so many second chances, the
    /// oldest.</summary>
    private EntryNode? OldestUnread(NodeList list)
    {
        for (int chances = Math.Min(MaxSecondChances, list.Count + 1); chances > 0 && list.Count > 1; chances--)
        {
            EntryNode node = list.Oldest!;
            int hits = node.TakeHits();
            if (hits == 0 && node != _newest)
            {
                return node;
            }

            _sketch.Add(node.Hash, hits);
            list.Rotate();
        }

        return list.Oldest;
    }
}
