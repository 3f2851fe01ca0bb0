namespace SuperCache;

/// <summary>A value cannot travel to other nodes. Nothing was changed.</summary>
public sealed class UnsupportedValueException : SuperCacheException
{
    internal UnsupportedValueException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
