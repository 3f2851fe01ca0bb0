using SuperCache.Storage;

namespace SuperCache;

/// <summary>Turns entry options into an entry's bookkeeping, and refuses those that cannot be met.</summary>
/// <param name="clock">The cache's clock.</param>
/// <param name="defaults">Used where a put has no options.</param>
internal sealed class EntryTerms(TimeProvider clock, CacheEntryOptions? defaults)
{
    /// <summary>The node of an entry with these options, or null when it needs none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The absolute expiration is not in the future.</exception>
    public EntryNode? NodeFor(CacheEntryOptions? options)
    {
        options ??= defaults;
        if (options is null
            || (options.AbsoluteExpiration is null && options.AbsoluteExpirationRelativeToNow is null && options.SlidingExpiration is null))
        {
            return null;
        }

        long now = clock.GetUtcNow().UtcTicks;
        long limit = long.MaxValue;
        if (options.AbsoluteExpiration is { } absolute)
        {
            limit = absolute.UtcTicks;
            if (limit <= now)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(options), absolute, $"AbsoluteExpiration is {absolute:O}; it must be in the future.");
            }
        }

        if (options.AbsoluteExpirationRelativeToNow is { } relative)
        {
            limit = Math.Min(limit, After(now, relative));
        }

        long sliding = options.SlidingExpiration?.Ticks ?? 0;
        long deadline = sliding == 0 ? limit : Math.Min(limit, After(now, new TimeSpan(sliding)));
        return new EntryNode(deadline, sliding, limit);
    }

    private static long After(long now, TimeSpan span) => span.Ticks > long.MaxValue - now ? long.MaxValue : now + span.Ticks;
}
