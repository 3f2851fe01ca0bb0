namespace SuperCache.Identity;

/// <summary>A partition's index, from 0.</summary>
/// <param name="Value">0 to 16,383.</param>
internal readonly record struct PartitionId(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => "p" + Value;
}
