namespace SuperCache.Identity;

/// <summary>An op's place in its partition's order: first 1, step 1; 0 is "before the first".</summary>
/// <param name="Value">0 or more.</param>
internal readonly record struct Sequence(long Value) : IComparable<Sequence>
{
    /// <summary>The place after this one.</summary>
    public Sequence Next => new(Value + 1);

    /// <summary>The place before this one.</summary>
    public Sequence Previous => new(Value - 1);

    public static bool operator <(Sequence left, Sequence right) => left.Value < right.Value;

    public static bool operator >(Sequence left, Sequence right) => left.Value > right.Value;

    public static bool operator <=(Sequence left, Sequence right) => left.Value <= right.Value;

    public static bool operator >=(Sequence left, Sequence right) => left.Value >= right.Value;

    /// <summary>How many places lie between two.</summary>
    public static long operator -(Sequence left, Sequence right) => left.Value - right.Value;

    /// <summary>The later of two places.</summary>
    public static Sequence Max(Sequence left, Sequence right) => left.Value >= right.Value ? left : right;

    /// <summary>The earlier of two places.</summary>
    public static Sequence Min(Sequence left, Sequence right) => left.Value <= right.Value ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Sequence other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => "s" + Value;
}
