namespace SuperCache;

/// <summary>The cache has not joined its cluster yet, or its host has not started. Nothing was changed.</summary>
public sealed class CacheNotStartedException : SuperCacheException
{
    internal CacheNotStartedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
