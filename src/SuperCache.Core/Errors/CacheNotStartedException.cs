namespace SuperCache;

/// <summary>The cache has not joined its cluster yet, or its host has not started. Nothing was changed.</summary>
public sealed class CacheNotStartedException : SuperCacheException
{
    internal CacheNotStartedException(ErrorText text, Exception? innerException = null)
        : base(text, innerException)
    {
    }

    /// <inheritdoc/>
    internal override SuperCacheException InPart() => new CacheNotStartedException(Text.InPart(), this);
}
