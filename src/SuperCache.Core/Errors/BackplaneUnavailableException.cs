namespace SuperCache;

/// <summary>The backplane that connects the nodes cannot be reached.</summary>
public sealed class BackplaneUnavailableException : SuperCacheException
{
    internal BackplaneUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
