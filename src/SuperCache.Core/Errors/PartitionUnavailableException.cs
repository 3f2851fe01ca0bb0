namespace SuperCache;

/// <summary>A partition has no primary that can serve at the moment. Nothing was changed.</summary>
public sealed class PartitionUnavailableException : SuperCacheException
{
    internal PartitionUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
