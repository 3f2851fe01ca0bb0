namespace SuperCache;

/// <summary>A partition has no primary that can serve at the moment. Nothing was changed.</summary>
public sealed class PartitionUnavailableException : SuperCacheException
{
    internal PartitionUnavailableException(ErrorText text, Exception? innerException = null)
        : base(text, innerException)
    {
    }

    /// <inheritdoc/>
    internal override SuperCacheException InPart() => new PartitionUnavailableException(Text.InPart(), this);
}
