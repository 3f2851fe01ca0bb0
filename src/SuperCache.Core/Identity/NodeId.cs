namespace SuperCache.Identity;

/// <summary>Names one life of one process: a random 64-bit number drawn at its start, never used again (rule
/// R-5).</summary>
/// <param name="Value">Not 0; 0 stands for "no node".</param>
internal readonly record struct NodeId(ulong Value) : IComparable<NodeId>
{
    /// <summary>No node.</summary>
    public static readonly NodeId None;

    /// <summary>Draws a new id.</summary>
    /// <param name="random">Seeded by the host; its quality decides how unlikely a collision is.</param>
    public static NodeId Draw(Random random)
    {
        ulong value;
        do
        {
            value = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }
        while (value == 0);

        return new NodeId(value);
    }

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => "n" + Value.ToString("x16");
}
