namespace SuperCache.Storage;

/// <summary>The bookkeeping of an entry that expires, counts against a size limit, or has a listener. Other entries
/// have none.</summary>
/// <remarks>Created with the entry and dropped with it; a replacement brings its own. Size and priority never
/// change, so that what was
/// added to an account is what is taken from it. Links and <see cref="Home"/> belong to the partition's
/// writer.</remarks>
internal sealed class EntryNode
{
    /// <summary>Hits beyond so many are not counted.</summary>
    public const byte MaxHits = 15;

    private readonly long _sliding;
    private readonly long _limit;
    private long _deadline;
    private byte _hits;

    /// <param name="deadline">UTC ticks of the first end; <see cref="long.MaxValue"/> for none.</param>
    /// <param name="sliding">Ticks that a read adds, or 0.</param>
    /// <param name="limit">UTC ticks of the absolute end; <see cref="long.MaxValue"/> for none.</param>
    public EntryNode(long deadline = long.MaxValue, long sliding = 0, long limit = long.MaxValue)
    {
        _deadline = deadline;
        _sliding = sliding;
        _limit = limit;
    }

    /// <summary>What the entry counts against the size limit.</summary>
    public long Size { get; init; } = 1;

    public CacheEntryPriority Priority { get; init; } = CacheEntryPriority.Normal;

    /// <summary>Told once when the entry leaves; null for none. Called under the gate: it must only take
    /// note.</summary>
    public IRemovalListener? Listener { get; init; }

    /// <summary>Told when a reader moves a sliding entry's deadline; null for none. Called by readers: it must only
    /// take note.</summary>
    public ITouchListener? Toucher { get; init; }

    /// <summary>Ticks that a read adds, or 0.</summary>
    public long Sliding => _sliding;

    /// <summary>UTC ticks of the absolute end; <see cref="long.MaxValue"/> for none.</summary>
    public long Limit => _limit;

    /// <summary>UTC ticks from which the entry is gone. Readers of a sliding entry move it forward, never past its
    /// limit.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>The mark of <see cref="CoarseTime"/> before which the entry is there whatever happens; 0 when only the
    /// deadline tells, because reads move it.</summary>
    public uint ThereUntil => _sliding == 0 ? CoarseTime.Mark(Deadline) : 0;

    /// <summary>How often the entry was read since the eviction queue last looked, at most <see cref="MaxHits"/> and
    /// what a hash index has counted in its slot. Readers race; a lost count is no harm.</summary>
    public int Hits => Math.Min(MaxHits, _hits + ((Home as RecordIndex)?.HitsOf(this) ?? 0));

    /// <summary>What its table needs to find the entry again: an index or a key. Writer only.</summary>
    public object? Home { get; set; }

    /// <summary>The hash of the entry's key. Writer only.</summary>
    public ulong Hash { get; set; }

    /// <summary>The table that holds the entry; null once it has left. Writer only.</summary>
    public Table? Table { get; set; }

    /// <summary>Where the entry waits for its end. Writer only.</summary>
    public NodeLink Timer;

    /// <summary>Where the entry stands in the eviction queue. Writer only.</summary>
    public NodeLink Queue;

    /// <summary>Whether the entry is gone at the given UTC ticks.</summary>
    public bool IsExpired(long now) => now >= Deadline;

    /// <summary>Whether the entry is there for somebody who only looks.</summary>
    public bool IsThere(TimeProvider clock) => Deadline == long.MaxValue || !IsExpired(clock.GetUtcNow().UtcTicks);

    /// <summary>Counts a read.</summary>
    public void CountHit()
    {
        if (_hits < MaxHits)
        {
            _hits++;
        }
    }

    /// <summary>Counts from 0 again, and returns how often the entry was read. Writer only.</summary>
    public int TakeHits()
    {
        int hits = Hits;
        if (hits != 0)
        {
            _hits = 0;
            (Home as RecordIndex)?.ForgetHits(this);
        }

        return hits;
    }

    /// <summary>Whether the entry is there for a reader of its key; if it slides, starts its time again.</summary>
    public bool IsLive(TimeProvider clock)
    {
        if (Deadline == long.MaxValue
            || (_sliding == 0 && clock == TimeProvider.System && CoarseTime.IsSurelyAhead(Deadline)))
        {
            return true;
        }

        long now = clock.GetUtcNow().UtcTicks;
        if (IsExpired(now))
        {
            return false;
        }

        if (_sliding != 0)
        {
            Touch(now);
        }

        return true;
    }

    /// <summary>Moves the deadline forward to where somebody else has moved it.</summary>
    public void Extend(long deadline)
    {
        if (deadline > Deadline)
        {
            Volatile.Write(ref _deadline, deadline);
        }
    }

    private void Touch(long now)
    {
        long next = now > _limit - _sliding ? _limit : now + _sliding;
        if (next > Deadline)
        {
            Volatile.Write(ref _deadline, next);
            Toucher?.OnTouched();
        }
    }
}

/// <summary>A node's place in one doubly linked list.</summary>
internal struct NodeLink
{
    public NodeList? List;
    public EntryNode? Older;
    public EntryNode? Newer;
}

/// <summary>Why an entry left.</summary>
internal enum RemovalReason
{
    Deleted,
    Replaced,
    Expired,
    Evicted,
}

/// <summary>Is told when a reader starts a sliding entry's time again.</summary>
internal interface ITouchListener
{
    /// <summary>Called by readers, on any thread, as often as they read.</summary>
    void OnTouched();
}

/// <summary>Is told when an entry leaves.</summary>
internal interface IRemovalListener
{
    /// <summary>Called once, under the partition's gate.</summary>
    void OnRemoved(RemovalReason reason);
}
