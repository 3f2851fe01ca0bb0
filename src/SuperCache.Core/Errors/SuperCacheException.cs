namespace SuperCache;

/// <summary>The base of every exception of this library's own.</summary>
public abstract class SuperCacheException : Exception
{
    private protected SuperCacheException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
