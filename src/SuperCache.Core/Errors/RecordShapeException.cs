namespace SuperCache;

/// <summary>A record, template or pattern has too few elements for the cache's positions, or a null key or partition
/// value. Nothing was changed.</summary>
public sealed class RecordShapeException : SuperCacheException
{
    internal RecordShapeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
