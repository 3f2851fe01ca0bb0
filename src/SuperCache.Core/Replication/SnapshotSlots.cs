namespace SuperCache.Replication;

/// <summary>Counts the snapshots a node sends and receives, to keep both within bounds (rule R-16).</summary>
internal sealed class SnapshotSlots
{
    /// <summary>Snapshots being sent.</summary>
    public int Sending { get; set; }

    /// <summary>Snapshots being received.</summary>
    public int Receiving { get; set; }

    /// <summary>Partitions this node's reigns are moving for balance.</summary>
    public int Moving { get; set; }
}
