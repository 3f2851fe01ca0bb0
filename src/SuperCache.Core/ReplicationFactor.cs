namespace SuperCache;

/// <summary>Special values of <see cref="SuperCacheOptions.ReplicationFactor"/>.</summary>
public static class ReplicationFactor
{
    /// <summary>A copy of every partition on every node.</summary>
    public const int All = int.MaxValue;
}
