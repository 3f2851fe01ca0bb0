using SuperCache.Identity;

namespace SuperCache.Replication.Forwarder;

/// <summary>How a request ended for its caller.</summary>
internal enum RequestStatus
{
    /// <summary>Done; the mode's promise holds.</summary>
    Ok,

    /// <summary>Not executed, and will not be: no node could serve it in time.</summary>
    Unavailable,

    /// <summary>Not executed, and will not be: too much was under way.</summary>
    Busy,

    /// <summary>It may have been executed, or may yet be.</summary>
    Indeterminate,

    /// <summary>Not executed, and will not be: the operation, or the op it would become, is larger than
    /// <see cref="Cluster.ClusterLimits.OpBytes"/>.</summary>
    TooLarge,
}

/// <summary>The end of a request.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Position">A write's op; a read's position. <see cref="Stamp.Zero"/> unless ok.</param>
/// <param name="Result">Opaque to the protocol.</param>
internal readonly record struct RequestOutcome(RequestStatus Status, Stamp Position, byte[] Result);

/// <summary>Hears the end of requests.</summary>
internal interface IRequestCompletion
{
    /// <summary>A request has ended. Called once, on the node's one logical thread, possibly before <c>Begin</c>
    /// returns.</summary>
    void OnCompleted(long requestId, in RequestOutcome outcome);
}

/// <summary>What a caller asks for.</summary>
/// <param name="Partition">Where.</param>
/// <param name="IsWrite">Whether it may change something.</param>
/// <param name="Mode">Which copies answer a read; without meaning for a write.</param>
/// <param name="ConflictKey">A hash of the key it touches; 0 when it touches several.</param>
/// <param name="Operation">Opaque to the protocol. Not to be changed.</param>
/// <param name="TimeoutMs">How long the caller waits; 0 for the default.</param>
internal readonly record struct ClientRequest(
    PartitionId Partition, bool IsWrite, ReadMode Mode, ulong ConflictKey, byte[] Operation, int TimeoutMs = 0);
