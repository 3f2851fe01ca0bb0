namespace SuperCache.Storage;

/// <summary>Knows the nodes of one partition, of all its tables: what expires next and what is to go when room is
/// needed.</summary>
/// <remarks>
/// <list type="number">
/// <item>N1: a node joins once, when its entry is stored, and leaves once, whatever the reason.</item>
/// <item>N2: between the two its size is in the budget, and it is in the wheel if it expires and in a queue if it
/// can be evicted.</item>
/// </list>
/// Writer only, but for the counters.
/// </remarks>
/// <param name="clock">The cache's clock.</param>
/// <param name="budget">The cache's size limit; null for none.</param>
/// <param name="timerNeeded">Called when a node with a deadline joins and no other waits.</param>
/// <param name="isReplicated">Whether the partition is a copy among others: then it gives nothing up by itself, and
/// counts against the limit only while <see cref="IsCounted"/>.</param>
internal sealed class NodeKeeper(
    TimeProvider clock, SizeBudget? budget, Action timerNeeded, bool isReplicated = false)
{
    /// <summary>By priority below <see cref="CacheEntryPriority.NeverEvict"/>; lower ones go first.</summary>
    private EvictionQueue[] _queues = budget is null ? [] : [new(), new(), new()];
    private TimingWheel? _wheel;
    private long _evictions;
    private long _expirations;
    private long _weight;
    private bool _isCounted = !isReplicated;

    /// <summary>The size limit that the partition keeps to by itself; null for none.</summary>
    public SizeBudget? Budget => isReplicated ? null : budget;

    /// <summary>Whether entries need a node although they never expire: they have a weight.</summary>
    public bool Weighs => budget is not null;

    /// <summary>Whether the entries count against the size limit.</summary>
    public bool IsCounted
    {
        get => _isCounted;
        set
        {
            if (value != _isCounted)
            {
                _isCounted = value;
                budget?.Add(value ? _weight : -_weight);
            }
        }
    }

    /// <summary>Whether any entry will expire.</summary>
    public bool AwaitsExpiration => _wheel is { Count: > 0 };

    /// <summary>Entries removed for room.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Entries removed because they had expired.</summary>
    public long Expirations => Volatile.Read(ref _expirations);

    public void Join(EntryNode? node, Table table, object home, ulong hash)
    {
        if (node is null)
        {
            return;
        }

        node.Table = table;
        node.Home = home;
        node.Hash = hash;
        if (node.Deadline != long.MaxValue)
        {
            _wheel ??= new TimingWheel(clock.GetUtcNow().UtcTicks);
            _wheel.Add(node);
            if (_wheel.Count == 1)
            {
                timerNeeded();
            }
        }

        if (budget is not null)
        {
            _weight += node.Size;
            budget.Add(_isCounted ? node.Size : 0);
            if (node.Priority < CacheEntryPriority.NeverEvict)
            {
                _queues[(int)node.Priority].Add(node);
            }
        }
    }

    public void Leave(EntryNode? node, RemovalReason reason)
    {
        if (node?.Table is null)
        {
            return;
        }

        node.Table = null;
        _wheel?.Remove(node);
        if (budget is not null)
        {
            if (node.Priority < CacheEntryPriority.NeverEvict)
            {
                _queues[(int)node.Priority].Remove(node);
            }

            _weight -= node.Size;
            budget.Add(_isCounted ? -node.Size : 0);
        }

        Volatile.Write(ref _evictions, _evictions + (reason == RemovalReason.Evicted ? 1 : 0));
        Volatile.Write(ref _expirations, _expirations + (reason == RemovalReason.Expired ? 1 : 0));
        node.Listener?.OnRemoved(reason);
    }

    /// <summary>Whether there is more than one entry that can go: a partition does not give up its only one while
    /// others have some.</summary>
    public bool HasSeveral => _queues[0].Count + _queues[1].Count + _queues[2].Count > 1;

    /// <summary>The entry that is to go next; it is still stored. Null when none can go.</summary>
    public EntryNode? TakeVictim()
    {
        foreach (EvictionQueue queue in _queues)
        {
            if (queue.TakeVictim() is { } victim)
            {
                return victim;
            }
        }

        return null;
    }

    /// <summary>Takes back an entry that was due, or was to go, and is still stored.</summary>
    public void Return(EntryNode node)
    {
        if (node.Table is null)
        {
            return;
        }

        if (node.Timer.List is null && node.Deadline != long.MaxValue)
        {
            _wheel?.Add(node);
        }

        if (node.Queue.List is null && budget is not null && node.Priority < CacheEntryPriority.NeverEvict)
        {
            _queues[(int)node.Priority].Add(node);
        }
    }

    /// <summary>While there is room, keeps the queues' windows small.</summary>
    public void Settle()
    {
        foreach (EvictionQueue queue in _queues)
        {
            queue.Settle();
        }
    }

    /// <summary>Forgets all entries, when nothing more will come.</summary>
    public void Release()
    {
        _wheel = null;
        _queues = budget is null ? [] : [new(), new(), new()];
    }

    /// <summary>Entries whose deadline has passed; they are still stored.</summary>
    /// <returns>Whether these are all.</returns>
    public bool TakeDue(int limit, List<EntryNode> into) =>
        _wheel is null || _wheel.TakeDue(clock.GetUtcNow().UtcTicks, limit, into);
}
