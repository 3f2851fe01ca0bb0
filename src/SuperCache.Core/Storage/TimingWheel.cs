namespace SuperCache.Storage;

/// <summary>Finds the entries whose time has come, at a cost that follows their number and not the number of
/// entries.</summary>
/// <remarks>
/// <para>
/// A hierarchical timing wheel: level 0 has 64 buckets of <see cref="TickBits"/> bits of UTC ticks (0.42 s), each
/// level above has buckets as
/// wide as the whole level below. An entry goes into the level whose width its remaining time needs and falls down a
/// level each time its bucket comes up, at most <see cref="Levels"/> times in its life.
/// </para>
/// <list type="number">
/// <item>W1: an entry whose deadline has passed is returned by the first <see cref="TakeDue"/> after the end of its
/// level-0 bucket.</item>
/// <item>W2: a deadline may move forward while the entry waits; the entry is looked at when its old one comes up,
/// and put in again.</item>
/// </list>
/// <para>Writer only. Source: Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987).</para>
/// </remarks>
internal sealed class TimingWheel
{
    /// <summary>A level-0 bucket is 2^22 ticks of 100 ns wide.</summary>
    public const int TickBits = 22;

    private const int LevelBits = 6;
    private const int Buckets = 1 << LevelBits;
    private const int Levels = 7;

    private readonly NodeList?[] _buckets = new NodeList?[Levels * Buckets];

    /// <summary>What has come up and is not taken yet.</summary>
    private readonly NodeList _due = new(isTimer: true);
    private long _now;

    public TimingWheel(long now) => _now = now >> TickBits;

    /// <summary>The entries that wait.</summary>
    public int Count { get; private set; }

    public void Add(EntryNode node)
    {
        Place(node);
        Count++;
    }

    public void Remove(EntryNode node)
    {
        if (node.Timer.List is { } list)
        {
            list.Remove(node);
            Count--;
        }
    }

    /// <summary>Takes out at most so many entries whose deadline has passed.</summary>
    /// <returns>False when there may be more.</returns>
    public bool TakeDue(long now, int limit, List<EntryNode> into)
    {
        Advance(now >> TickBits);
        for (int i = 0; i < limit; i++)
        {
            if (_due.Oldest is not { } node)
            {
                return true;
            }

            _due.Remove(node);
            if (node.IsExpired(now))
            {
                Count--;
                into.Add(node);
            }
            else
            {
                Place(node);
            }
        }

        return _due.Oldest is null;
    }

    private void Advance(long now)
    {
        long before = _now;
        _now = now;
        if (now <= before)
        {
            // A clock that was set back: a bucket comes up with every tick that leads to it, its own at the latest.
            return;
        }

        for (int level = 0; level < Levels; level++)
        {
            int shift = level * LevelBits;
            long from = before >> shift;
            long to = now >> shift;
            if (from == to)
            {
                return;
            }

            for (long tick = Math.Max(from, to - Buckets + 1); tick <= to; tick++)
            {
                Empty(level, (int)(tick & (Buckets - 1)));
            }
        }
    }

    /// <summary>Moves a bucket's entries to where they belong now.</summary>
    private void Empty(int level, int bucket)
    {
        NodeList? list = _buckets[(level * Buckets) + bucket];
        for (int left = list?.Count ?? 0; left > 0; left--)
        {
            EntryNode node = list!.Oldest!;
            list.Remove(node);
            Place(node);
        }
    }

    private void Place(EntryNode node)
    {
        long tick = node.Deadline >> TickBits;
        if (tick < _now)
        {
            _due.Add(node);
            return;
        }

        int level = 0;
        while (level < Levels - 1 && (tick >> (level * LevelBits)) - (_now >> (level * LevelBits)) >= Buckets)
        {
            level++;
        }

        int shift = level * LevelBits;
        long place = Math.Min(tick >> shift, (_now >> shift) + Buckets - 1);
        ref NodeList? list = ref _buckets[(level * Buckets) + (int)(place & (Buckets - 1))];
        (list ??= new NodeList(isTimer: true)).Add(node);
    }
}
