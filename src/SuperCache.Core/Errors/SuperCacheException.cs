namespace SuperCache;

/// <summary>The base of every exception of this library's own.</summary>
public abstract class SuperCacheException : Exception
{
    private protected SuperCacheException(ErrorText text, Exception? innerException = null)
        : base(text.ToString(), innerException) => Text = text;

    /// <summary>The message in its parts.</summary>
    internal ErrorText Text { get; }

    /// <summary>What an error of one partition means to a caller whose call is about several, once something was done
    /// in others: that nothing was changed is true of that partition only.</summary>
    internal virtual SuperCacheException InPart() => this;
}
