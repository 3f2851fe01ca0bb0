namespace SuperCache;

/// <summary>The record found under a key is not of the type that was asked for. Nothing was changed.</summary>
public sealed class RecordTypeException : SuperCacheException
{
    internal RecordTypeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
