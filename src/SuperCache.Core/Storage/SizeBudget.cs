namespace SuperCache.Storage;

/// <summary>What all entries of a cache weigh together, against what they may.</summary>
/// <remarks>An entry's size never changes and is added and taken once each, both under its partition's gate, so the
/// total cannot drift.</remarks>
/// <param name="limit">The most, in units.</param>
internal sealed class SizeBudget(long limit)
{
    private long _total;

    public long Limit => limit;

    public long Total => Volatile.Read(ref _total);

    public bool IsOver => Total > limit;

    public void Add(long size) => Interlocked.Add(ref _total, size);
}
