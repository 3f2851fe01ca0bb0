namespace SuperCache.Matching;

/// <summary>What one element of a record must be.</summary>
internal readonly struct PatternElement
{
    /// <summary>The variable's number, or what is none.</summary>
    private readonly int _number;

    private PatternElement(object? value, int number)
    {
        Value = value;
        _number = number;
    }

    public PatternElementKind Kind => _number < 0 ? (PatternElementKind)(-_number) : PatternElementKind.Variable;

    /// <summary>The value to equal, or the nested <see cref="MatchPattern"/>.</summary>
    public object? Value { get; }

    /// <summary>The variable's number.</summary>
    public int Variable => _number;

    public static PatternElement Any => new(null, -(int)PatternElementKind.Any);

    public static PatternElement Var(int number) => new(null, number);

    public static PatternElement Exactly(object? value) => new(value, -(int)PatternElementKind.Value);

    public static PatternElement Nested(MatchPattern pattern) => new(pattern, -(int)PatternElementKind.Nested);
}

/// <summary>The kinds of <see cref="PatternElement"/>.</summary>
internal enum PatternElementKind
{
    /// <summary>Anything, bound to a variable.</summary>
    Variable,

    /// <summary>Anything, bound to nothing.</summary>
    Any,

    /// <summary>An equal value.</summary>
    Value,

    /// <summary>A tuple that matches a pattern with placeholders.</summary>
    Nested,
}
