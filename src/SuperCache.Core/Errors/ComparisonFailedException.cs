using System.Diagnostics.CodeAnalysis;

namespace SuperCache;

/// <summary>A key or a value threw when a partition's primary compared it; nothing was changed there.</summary>
/// <remarks>To callers it is the <see cref="InvalidOperationException"/> that is documented; told apart here from those
/// that mean something else.</remarks>
[SuppressMessage("Design", "CA1064", Justification = "Its base is what callers catch.")]
[SuppressMessage("Design", "CA1032", Justification = "Made with a message, in two places.")]
internal sealed class ComparisonFailedException(ErrorText text, Exception? inner = null)
    : InvalidOperationException(text.ToString(), inner)
{
    /// <inheritdoc cref="SuperCacheException.InPart"/>
    public ComparisonFailedException InPart() => new(text.InPart(), this);
}
