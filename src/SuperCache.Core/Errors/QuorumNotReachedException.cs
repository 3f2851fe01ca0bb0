namespace SuperCache;

/// <summary>Too few copies confirmed a write in time; the message says what state the write is left in.</summary>
public sealed class QuorumNotReachedException : SuperCacheException
{
    internal QuorumNotReachedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
