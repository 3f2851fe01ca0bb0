namespace SuperCache.Identity;

/// <summary>
/// Says which op, and how advanced a log is: first by epoch, then by sequence. Two logs that hold the same stamp are
/// equal up to it,
/// because an epoch has one primary and a primary gives each sequence once.
/// </summary>
/// <param name="Epoch">The reign in which the op was decided.</param>
/// <param name="Sequence">Its place in the partition's order.</param>
internal readonly record struct Stamp(Epoch Epoch, Sequence Sequence) : IComparable<Stamp>
{
    /// <summary>The position of a log that has never held an op.</summary>
    public static readonly Stamp Zero;

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;

    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;

    /// <summary>The more advanced of two positions.</summary>
    public static Stamp Max(Stamp left, Stamp right) => left >= right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Stamp other)
    {
        int byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Sequence.CompareTo(other.Sequence);
    }

    /// <inheritdoc/>
    public override string ToString() => $"({Epoch.Value},{Sequence.Value})";
}
