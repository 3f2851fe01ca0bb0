namespace SuperCache;

/// <summary>A value cannot travel to other nodes. Nothing was changed.</summary>
public sealed class UnsupportedValueException : SuperCacheException
{
    internal UnsupportedValueException(ErrorText text, Exception? innerException = null)
        : base(text, innerException)
    {
    }

    /// <inheritdoc/>
    internal override SuperCacheException InPart() => new UnsupportedValueException(Text.InPart(), this);
}
