namespace SuperCache;

/// <summary>Which copies of a partition answer a read. Without effect in local mode.</summary>
public enum ReadMode
{
    /// <summary>This node's copy, or the nearest one when it has none. The default.</summary>
    Local = 0,

    /// <summary>The partition's primary.</summary>
    Primary = 1,

    /// <summary>The most advanced of a majority of the partition's copies.</summary>
    Quorum = 2,
}
