namespace SuperCache;

/// <summary>The partitions that a match or a scan visits: all, or the one of a partition value.</summary>
public readonly struct PartitionScope : IEquatable<PartitionScope>
{
    private PartitionScope(object value) => Value = value;

    /// <summary>Every partition. The default.</summary>
    public static PartitionScope All => default;

    /// <summary>Whether this is <see cref="All"/>.</summary>
    public bool IsAll => Value is null;

    /// <summary>The partition value, or null for <see cref="All"/>.</summary>
    internal object? Value { get; }

    /// <summary>The one partition of a partition value.</summary>
    /// <typeparam name="TPartition">The value's type.</typeparam>
    /// <param name="partitionValue">What records of the partition have at the partition position.</param>
    /// <returns>A scope of one partition.</returns>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static PartitionScope Of<TPartition>(TPartition partitionValue)
        where TPartition : notnull
    {
        ArgumentNullException.ThrowIfNull(partitionValue);
        return new PartitionScope(partitionValue);
    }

    /// <inheritdoc/>
    public bool Equals(PartitionScope other) => Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PartitionScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value?.GetHashCode() ?? 0;

    /// <summary>Whether two scopes visit the same partitions by the same value.</summary>
    /// <param name="left">One scope.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(PartitionScope left, PartitionScope right) => left.Equals(right);

    /// <summary>Whether two scopes differ.</summary>
    /// <param name="left">One scope.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(PartitionScope left, PartitionScope right) => !left.Equals(right);
}
