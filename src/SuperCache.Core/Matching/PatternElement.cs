namespace SuperCache.Matching;

/// <summary>What one element of a record must be.</summary>
internal readonly struct PatternElement
{
    private PatternElement(PatternElementKind kind, object? value, int variable)
    {
        Kind = kind;
        Value = value;
        Variable = variable;
    }

    public PatternElementKind Kind { get; }

    /// <summary>The value to equal, or the nested <see cref="MatchPattern"/>.</summary>
    public object? Value { get; }

    /// <summary>The variable's number.</summary>
    public int Variable { get; }

    public static PatternElement Any { get; } = new(PatternElementKind.Any, null, -1);

    public static PatternElement Var(int number) => new(PatternElementKind.Variable, null, number);

    public static PatternElement Exactly(object? value) => new(PatternElementKind.Value, value, -1);

    public static PatternElement Nested(MatchPattern pattern) => new(PatternElementKind.Nested, pattern, -1);
}

/// <summary>The kinds of <see cref="PatternElement"/>.</summary>
internal enum PatternElementKind : byte
{
    /// <summary>Anything, bound to nothing.</summary>
    Any,

    /// <summary>Anything, bound to a variable.</summary>
    Variable,

    /// <summary>An equal value.</summary>
    Value,

    /// <summary>A tuple that matches a pattern with placeholders.</summary>
    Nested,
}
