namespace SuperCache;

/// <summary>The placeholders of a match pattern.</summary>
/// <remarks>A pattern is a tuple of values and placeholders, tuples nested in it included. Source: ETS match patterns,
/// where these are <c>_</c> and <c>$n</c>.</remarks>
public static class Match
{
    /// <summary>Matches any value, null included, and binds nothing.</summary>
    public static MatchPlaceholder Any { get; } = new(MatchPlaceholder.AnyNumber);

    /// <summary>Matches any value, null included, and binds it; the same variable again must meet an equal
    /// value.</summary>
    /// <param name="number">0 or more; results list the bound values by ascending number.</param>
    /// <returns>The placeholder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static MatchPlaceholder Var(int number) => number >= 0
        ? new MatchPlaceholder(number)
        : throw new ArgumentOutOfRangeException(
            nameof(number), number, $"The variable is {number}; it must be 0 or more.");
}

/// <summary>One placeholder of a match pattern; made by <see cref="Match"/>.</summary>
public readonly struct MatchPlaceholder : IEquatable<MatchPlaceholder>
{
    internal const int AnyNumber = -1;

    private readonly int _numberPlusOne;

    internal MatchPlaceholder(int number) => _numberPlusOne = number + 1;

    /// <summary>The variable's number, or <see cref="AnyNumber"/>.</summary>
    internal int Number => _numberPlusOne - 1;

    /// <inheritdoc/>
    public bool Equals(MatchPlaceholder other) => _numberPlusOne == other._numberPlusOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MatchPlaceholder other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _numberPlusOne;

    /// <inheritdoc/>
    public override string ToString() => Number < 0 ? "_" : $"${Number}";

    /// <summary>Whether two placeholders are the same.</summary>
    /// <param name="left">One placeholder.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(MatchPlaceholder left, MatchPlaceholder right) => left.Equals(right);

    /// <summary>Whether two placeholders differ.</summary>
    /// <param name="left">One placeholder.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(MatchPlaceholder left, MatchPlaceholder right) => !left.Equals(right);
}
