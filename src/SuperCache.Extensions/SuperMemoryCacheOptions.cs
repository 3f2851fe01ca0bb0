namespace SuperCache;

/// <summary>Configures <see cref="SuperMemoryCache"/>.</summary>
public sealed class SuperMemoryCacheOptions
{
    /// <summary>Whether an entry of a cache with a size limit must state its size, as <c>MemoryCache</c>
    /// demands.</summary>
    /// <value>Default: false; an entry without a size counts 1.</value>
    public bool RequireSize { get; set; }

    /// <summary>Whether an entry takes over the tokens and the absolute expiration of entries that are made or read
    /// while it is made.</summary>
    /// <value>Default: false.</value>
    public bool TrackLinkedCacheEntries { get; set; }
}
