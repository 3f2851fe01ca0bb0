using SuperCache.Storage;

namespace SuperCache;

/// <summary>Turns entry options into an entry's bookkeeping, and refuses those that cannot be met.</summary>
/// <param name="clock">The cache's clock.</param>
/// <param name="defaults">Used where a put has no options.</param>
/// <param name="sizeLimit">The cache's size limit, or null.</param>
internal sealed class EntryTerms(TimeProvider clock, CacheEntryOptions? defaults, long? sizeLimit)
{
    /// <summary>The node of an entry with these options, or null when it needs none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The absolute expiration is not in the future, or the entry is
    /// heavier
    /// than the limit. Nothing was changed.</exception>
    public EntryNode? NodeFor(CacheEntryOptions? options, IRemovalListener? listener = null)
    {
        options ??= defaults;
        if (options is null)
        {
            return sizeLimit is null && listener is null ? null : new EntryNode { Listener = listener };
        }

        long size = options.Size ?? 1;
        if (size > sizeLimit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), size, $"Size is {size}; it must be at most the cache's SizeLimit, {sizeLimit}.");
        }

        bool expires = options.AbsoluteExpiration is not null
            || options.AbsoluteExpirationRelativeToNow is not null
            || options.SlidingExpiration is not null;
        if (!expires && sizeLimit is null && listener is null)
        {
            return null;
        }

        long now = expires ? clock.GetUtcNow().UtcTicks : 0;
        long limit = LimitOf(options, now);
        long sliding = options.SlidingExpiration?.Ticks ?? 0;
        long deadline = sliding == 0 ? limit : Math.Min(limit, After(now, sliding));
        return new EntryNode(
            deadline, sliding, limit)
        { Size = size, Priority = options.Priority, Listener = listener };
    }

    private static long LimitOf(CacheEntryOptions options, long now)
    {
        long limit = options.AbsoluteExpiration?.UtcTicks ?? long.MaxValue;
        if (limit <= now)
        {
            DateTimeOffset absolute = options.AbsoluteExpiration!.Value;
            throw new ArgumentOutOfRangeException(
                nameof(options), absolute, $"AbsoluteExpiration is {absolute:O}; it must be in the future.");
        }

        return options.AbsoluteExpirationRelativeToNow is { } relative
            ? Math.Min(limit, After(now, relative.Ticks)) : limit;
    }

    private static long After(long now, long ticks) => ticks > long.MaxValue - now ? long.MaxValue : now + ticks;
}
