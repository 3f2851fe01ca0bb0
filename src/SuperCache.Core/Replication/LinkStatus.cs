namespace SuperCache.Replication;

/// <summary>How a link is, and what it has lost since it was opened.</summary>
/// <param name="IsConnected">Whether the connections stand, as far as is known.</param>
/// <param name="IsStoreAnswering">Whether the latest call of the membership store was answered.</param>
/// <param name="PendingBytes">Bytes that wait to be published.</param>
/// <param name="WaitingMessages">Messages that wait to be read.</param>
/// <param name="RefusedFrames">Frames that were dropped because too many bytes waited.</param>
/// <param name="LostMessages">Messages that the backplane did not take.</param>
/// <param name="DroppedMessages">Messages that were dropped because too many waited to be read.</param>
internal readonly record struct LinkStatus(
    bool IsConnected,
    bool IsStoreAnswering,
    long PendingBytes,
    int WaitingMessages,
    long RefusedFrames,
    long LostMessages,
    long DroppedMessages)
{
    /// <summary>A link that says nothing about itself.</summary>
    public static readonly LinkStatus Unknown = new(true, true, 0, 0, 0, 0, 0);
}
