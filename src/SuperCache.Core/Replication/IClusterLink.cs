using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>Where a link puts what reaches the node from outside. Every member may be called by any thread; one call at
/// a time is worked on, in the order of arrival.</summary>
internal interface IClusterInbox
{
    /// <summary>A frame has come, from any node, this one included.</summary>
    /// <param name="frame">Only valid during the call.</param>
    /// <param name="backlog">About how many bytes have come and wait behind it: senders are told to hold back.</param>
    void OnFrame(ReadOnlySpan<byte> frame, long backlog);

    /// <summary>The membership store has answered a call.</summary>
    void OnStoreReply(long callId, StoreReply reply);
}

/// <summary>A node's connection to its cluster: the backplane and the membership store together.</summary>
/// <remarks>Made by the host (Redis, or memory in tests), owned by the engine that was given it.</remarks>
internal interface IClusterLink : IBackplane, IMembershipStore, IAsyncDisposable
{
    /// <summary>How the link is.</summary>
    LinkStatus Status => LinkStatus.Unknown;

    /// <summary>Begins to listen to the node's own channel and the cluster's.</summary>
    /// <param name="self">This node.</param>
    /// <param name="inbox">Where what comes in is put, from now on until the link is disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BackplaneUnavailableException">It cannot be reached; nothing was begun.</exception>
    ValueTask OpenAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken);
}
