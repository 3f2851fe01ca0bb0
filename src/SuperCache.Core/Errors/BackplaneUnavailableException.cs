namespace SuperCache;

/// <summary>The backplane that connects the nodes cannot be reached.</summary>
public sealed class BackplaneUnavailableException : SuperCacheException
{
    internal BackplaneUnavailableException(ErrorText text, Exception? innerException = null)
        : base(text, innerException)
    {
    }

    /// <inheritdoc/>
    internal override SuperCacheException InPart() => new BackplaneUnavailableException(Text.InPart(), this);
}
