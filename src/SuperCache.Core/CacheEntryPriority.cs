namespace SuperCache;

/// <summary>How long an entry of a cache with a <see cref="SuperCacheOptions.SizeLimit"/> is kept when room is
/// needed.</summary>
public enum CacheEntryPriority
{
    /// <summary>Goes before entries of higher priority.</summary>
    Low = 0,

    /// <summary>The default.</summary>
    Normal = 1,

    /// <summary>Goes after entries of lower priority.</summary>
    High = 2,

    /// <summary>Is never evicted; it still expires.</summary>
    NeverEvict = 3,
}
