namespace SuperCache.Cluster;

/// <summary>
/// Where the map and the leases are kept: a small atomic register outside the cluster. An implementation runs each
/// request as one
/// atomic script with the semantics of <see cref="MembershipScripts"/>.
/// </summary>
internal interface IMembershipStore
{
    /// <summary>Starts a call. Its reply, if there ever is one, is handed to <c>ClusterNode.OnStoreReply</c> with the
    /// same id.</summary>
    /// <param name="callId">Unique at the calling node.</param>
    /// <param name="request">What to do.</param>
    /// <remarks>Returns at once and throws nothing. A call that fails in a way that leaves its outcome open is
    /// answered with
    /// <see cref="StoreStatus.Indeterminate"/> or not at all: the caller has a timeout of its own.</remarks>
    void Begin(long callId, StoreRequest request);
}
