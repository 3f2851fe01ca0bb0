namespace SuperCache.Identity;

/// <summary>Numbers the reigns of a partition; a higher epoch fences a lower one. Epochs are versions of the partition
/// map.</summary>
/// <param name="Value">0 before the first reign; below 2^53, so that a Lua script counts it exactly.</param>
internal readonly record struct Epoch(long Value) : IComparable<Epoch>
{
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => "e" + Value;
}
