using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>What an operator, a metric or a checker wants to know. Called on the node's one logical thread.</summary>
internal interface IClusterEvents
{
    /// <summary>A takeover had to go on without enough of the copies that may hold acknowledged writes.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The new reign.</param>
    /// <param name="adopted">What it starts from; later writes may be lost.</param>
    void OnUnsafeRecovery(PartitionId partition, Epoch epoch, Stamp adopted);

    /// <summary>A new reign has adopted a log and opens with its own first op.</summary>
    void OnReignStarted(PartitionId partition, Epoch epoch, Stamp adopted);

    /// <summary>The store belongs to another lineage now; this node dropped all its data.</summary>
    void OnLineageLost();

    /// <summary>The store belongs to a cluster now in which this node may not live; it dropped all its data and serves
    /// no more.</summary>
    /// <param name="reason">For people.</param>
    void OnRefused(string reason);

    /// <summary>A frame could not be parsed or was not for this node.</summary>
    void OnFrameDropped(Wire.FrameVerdict verdict);
}
