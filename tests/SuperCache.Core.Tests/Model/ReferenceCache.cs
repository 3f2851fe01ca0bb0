using System.Runtime.CompilerServices;

namespace SuperCache.Core.Tests.Model;

/// <summary>What a cache of one kind does, said as plainly as possible: a list of entries, searched from front to back.</summary>
/// <remarks>Entries that have expired stay in the list until something removes them; nobody sees them.</remarks>
internal sealed class ReferenceCache(TableKind kind, int keyPosition, TimeProvider clock)
{
    private readonly List<ReferenceEntry> _entries = [];

    private bool IsBag => kind is TableKind.Bag or TableKind.DuplicateBag;

    public IEnumerable<ReferenceEntry> Live => _entries.Where(entry => entry.IsLive(clock));

    public int LiveCount => Live.Count();

    /// <summary>Those that have expired and may not have been reclaimed yet included.</summary>
    public int CountAtMost => _entries.Count;

    public void Put(int partition, ITuple record, CacheEntryOptions? options)
    {
        var added = new ReferenceEntry(partition, record, record[keyPosition]!, clock, options);
        int place = _entries.FindIndex(old =>
            old.Partition == partition
            && old.Key.Equals(added.Key)
            && (!IsBag || (kind == TableKind.Bag && old.Record.Equals(record))));
        if (place >= 0)
        {
            _entries[place] = added;
        }
        else
        {
            _entries.Add(added);
        }
    }

    /// <summary>The entries of a key; no read.</summary>
    public List<ReferenceEntry> Of(int partition, object key) =>
        [.. Live.Where(entry => entry.Partition == partition && entry.Key.Equals(key))];

    /// <summary>Removes the entries of a key and returns how many were there.</summary>
    public int Delete(int partition, object key)
    {
        int count = Of(partition, key).Count;
        _entries.RemoveAll(entry => entry.Partition == partition && entry.Key.Equals(key));
        return count;
    }

    /// <summary>Removes the entries that match and returns how many were there.</summary>
    public int DeleteWhere(Func<ReferenceEntry, bool> matches)
    {
        int count = Live.Count(matches);
        _entries.RemoveAll(entry => matches(entry));
        return count;
    }

    public void Clear() => _entries.Clear();
}

/// <summary>A record, where it is and until when.</summary>
internal sealed class ReferenceEntry
{
    private readonly DateTimeOffset _limit = DateTimeOffset.MaxValue;
    private readonly TimeSpan? _sliding;
    private DateTimeOffset _deadline;

    public ReferenceEntry(int partition, ITuple record, object key, TimeProvider clock, CacheEntryOptions? options)
    {
        Partition = partition;
        Record = record;
        Key = key;
        DateTimeOffset now = clock.GetUtcNow();
        if (options?.AbsoluteExpiration is { } absolute)
        {
            _limit = absolute;
        }

        if (options?.AbsoluteExpirationRelativeToNow is { } relative && now + relative < _limit)
        {
            _limit = now + relative;
        }

        _sliding = options?.SlidingExpiration;
        _deadline = _limit;
        if (_sliding is { } sliding && now + sliding < _limit)
        {
            _deadline = now + sliding;
        }
    }

    public int Partition { get; }

    public ITuple Record { get; }

    public object Key { get; }

    public bool Slides => _sliding is not null;

    public bool IsLive(TimeProvider clock) => clock.GetUtcNow() < _deadline;

    /// <summary>What a read of the key does to it.</summary>
    public void Touch(TimeProvider clock)
    {
        if (_sliding is { } sliding)
        {
            DateTimeOffset next = clock.GetUtcNow() + sliding;
            _deadline = next < _limit ? next : _limit;
        }
    }
}
