using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>
/// Carries frames between nodes. It may lose, delay and repeat them; it keeps the order from each sender to each
/// receiver, or what it
/// reorders is dropped as if it were lost.
/// </summary>
internal interface IBackplane
{
    /// <summary>Sends a frame to one node, which may be the sender itself (the loopback ping).</summary>
    /// <param name="destination">The receiver.</param>
    /// <param name="frame">Only valid during the call.</param>
    /// <remarks>Returns at once and throws nothing; what cannot be sent is lost.</remarks>
    void Send(NodeId destination, ReadOnlySpan<byte> frame);

    /// <summary>Sends a frame to all nodes that listen.</summary>
    /// <param name="frame">Only valid during the call.</param>
    void Broadcast(ReadOnlySpan<byte> frame);
}
