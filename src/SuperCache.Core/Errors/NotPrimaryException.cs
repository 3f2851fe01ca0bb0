namespace SuperCache;

/// <summary>A direct write met a partition whose primary is another node. Nothing was changed.</summary>
public sealed class NotPrimaryException : SuperCacheException
{
    internal NotPrimaryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
