using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>The kinds of message. On the wire: explicit, append only.</summary>
internal enum MessageKind : byte
{
    Append = 1,
    Ack = 2,
    Nack = 3,
    Fetch = 4,
    Chunk = 5,
    ChunkAck = 6,
    Query = 7,
    QueryReply = 8,
    Pull = 9,
    PullReply = 10,
    Request = 11,
    Response = 12,
    QuorumRead = 13,
    QuorumReadReply = 14,
    Ping = 15,
    MapChanged = 16,
    Status = 17,
    StatusReply = 18,
}

/// <summary>How a request ended at the node that was asked. On the wire: explicit, append only.</summary>
internal enum ResponseStatus : byte
{
    /// <summary>Done; the mode's promise holds.</summary>
    Ok = 1,

    /// <summary>Not executed: the node is not the partition's primary, or cannot serve now.</summary>
    NotServing = 2,

    /// <summary>Not executed: too much is under way.</summary>
    Busy = 3,

    /// <summary>The node stopped being primary while the request was under way: it may have been executed, or may yet
    /// be.</summary>
    Deposed = 4,

    /// <summary>The request is older than what the primary remembers: whether it was executed is unknown.</summary>
    Forgotten = 5,

    /// <summary>Not executed: the op it would become is larger than a message can carry.</summary>
    TooLarge = 6,
}

/// <summary>A message between nodes.</summary>
internal abstract record Message;

/// <summary>A message about one partition in one reign.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The sender's reign.</param>
internal abstract record PartitionMessage(PartitionId Partition, Epoch Epoch) : Message;

/// <summary>The primary's ops, in order, after <paramref name="Previous"/>; without ops a heartbeat.</summary>
internal sealed record AppendMessage(
    PartitionId Partition, Epoch Epoch, Stamp Previous, Sequence Commit, Sequence Last, int Round, LogEntry[] Entries)
    : PartitionMessage(Partition, Epoch);

/// <summary>A replica's log equals the primary's up to <paramref name="Matched"/>.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The reign.</param>
/// <param name="Matched">The last place known to be equal.</param>
/// <param name="Round">Echo of the append's.</param>
/// <param name="Complete">False while the copy is still being received (I9), or its node has no lease: it then counts
/// for no quorum.</param>
/// <param name="Credit">Bytes that its node is ready to receive from the primary's node, of all partitions.</param>
internal sealed record AckMessage(
    PartitionId Partition, Epoch Epoch, Sequence Matched, int Round, bool Complete, int Credit = int.MaxValue)
    : PartitionMessage(Partition, Epoch);

/// <summary>The sender has promised a higher epoch, <see cref="PartitionMessage.Epoch"/>.</summary>
internal sealed record NackMessage(PartitionId Partition, Epoch Epoch) : PartitionMessage(Partition, Epoch);

/// <summary>Asks the primary to continue after <paramref name="Last"/>, or for a snapshot.</summary>
internal sealed record FetchMessage(PartitionId Partition, Epoch Epoch, Stamp Last, bool Full)
    : PartitionMessage(Partition, Epoch);

/// <summary>One bucket of a snapshot as it was at <paramref name="Tag"/>; the bucket after the last carries the recent
/// requests.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The reign.</param>
/// <param name="Session">Names the snapshot at its sender; later ones are higher.</param>
/// <param name="Start">Where the snapshot began: the stream that completes it follows this place.</param>
/// <param name="Bucket">0 to <paramref name="BucketCount"/>, inclusive.</param>
/// <param name="BucketCount">A power of two.</param>
/// <param name="Tag">The place at which the bucket was read.</param>
/// <param name="Entries">Puts.</param>
/// <param name="Requests">The recent requests, in the last bucket.</param>
/// <param name="Part">Which part of the bucket this is: one that is larger than a batch travels in several, one after
/// another.</param>
/// <param name="IsLastPart">Whether the bucket ends with it.</param>
internal sealed record ChunkMessage(
    PartitionId Partition,
    Epoch Epoch,
    long Session,
    Stamp Start,
    int Bucket,
    int BucketCount,
    Stamp Tag,
    Effect[] Entries,
    RecentRequest[] Requests,
    int Part = 0,
    bool IsLastPart = true) : PartitionMessage(Partition, Epoch);

/// <summary>A bucket has been taken in.</summary>
internal sealed record ChunkAckMessage(PartitionId Partition, Epoch Epoch, long Session, int Bucket)
    : PartitionMessage(Partition, Epoch);

/// <summary>A new primary asks how advanced a copy is; the asked node promises the epoch.</summary>
internal sealed record QueryMessage(PartitionId Partition, Epoch Epoch) : PartitionMessage(Partition, Epoch);

/// <summary>How advanced a copy is, and who held the partition as far as the sender knows.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The reign that asks.</param>
/// <param name="Last">The last op of the copy; zero when there is none.</param>
/// <param name="Complete">Whether there is a copy.</param>
/// <param name="Known">The latest reign that the sender has seen in a map and that no repair of the store made; never
/// after the one that asks.</param>
/// <param name="Holders">The voters and active voters of that reign; none when the sender knows of no such
/// reign.</param>
internal sealed record QueryReplyMessage(
    PartitionId Partition, Epoch Epoch, Stamp Last, bool Complete, Epoch Known, NodeId[] Holders)
    : PartitionMessage(Partition, Epoch);

/// <summary>A new primary asks the most advanced node for what follows <paramref name="Last"/>.</summary>
internal sealed record PullMessage(PartitionId Partition, Epoch Epoch, Stamp Last, bool Full)
    : PartitionMessage(Partition, Epoch);

/// <summary>What follows; a snapshot is sent instead when the asker's log is not a prefix.</summary>
internal sealed record PullReplyMessage(PartitionId Partition, Epoch Epoch, Stamp Previous, LogEntry[] Entries)
    : PartitionMessage(Partition, Epoch);

/// <summary>A forwarded operation.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The reign the sender knows; informative.</param>
/// <param name="RequestId">The sender's number: equal for each attempt.</param>
/// <param name="Attempt">Counts attempts, so that an answer is matched with the question.</param>
/// <param name="RemainingMs">How long the sender will wait.</param>
/// <param name="IsWrite">Whether the operation may change something.</param>
/// <param name="ConflictKey">Which pending ops it must wait for in strong mode; 0 for all.</param>
/// <param name="Operation">Opaque to the protocol.</param>
internal sealed record RequestMessage(
    PartitionId Partition,
    Epoch Epoch,
    long RequestId,
    int Attempt,
    int RemainingMs,
    bool IsWrite,
    ulong ConflictKey,
    byte[] Operation) : PartitionMessage(Partition, Epoch);

/// <summary>The answer to a forwarded operation.</summary>
internal sealed record ResponseMessage(
    PartitionId Partition,
        Epoch Epoch, long RequestId, int Attempt, ResponseStatus Status, Stamp Position, byte[] Result)
    : PartitionMessage(Partition, Epoch);

/// <summary>Asks a copy for its answer and its position.</summary>
internal sealed record QuorumReadMessage(PartitionId Partition, Epoch Epoch, long ReadId, int Attempt, byte[] Operation)
    : PartitionMessage(Partition, Epoch);

/// <summary>A copy's answer; <see cref="PartitionMessage.Epoch"/> is what the node has promised.</summary>
internal sealed record QuorumReadReplyMessage(
    PartitionId Partition, Epoch Epoch, long ReadId, int Attempt, bool Complete, Stamp Position, byte[] Result)
    : PartitionMessage(Partition, Epoch);

/// <summary>Sent to oneself: shows that the backplane still carries.</summary>
internal sealed record PingMessage(long Nonce) : Message;

/// <summary>Asks a node how it stands, for statistics.</summary>
/// <param name="QueryId">Names the question; grows.</param>
internal sealed record StatusMessage(long QueryId) : Message;

/// <summary>How a node stands.</summary>
/// <param name="QueryId">Which question this answers.</param>
/// <param name="Primaries">Partitions it serves as primary.</param>
/// <param name="Replicas">Partitions it has another complete copy of.</param>
/// <param name="Records">Records of the cache's own table, in all its copies.</param>
/// <param name="PrimaryRecords">Those of partitions that it serves as primary.</param>
/// <param name="Lag">The most ops by which one of its copies is behind what it has heard of.</param>
internal sealed record StatusReplyMessage(
    long QueryId, int Primaries, int Replicas, long Records, long PrimaryRecords, long Lag) : Message;

/// <summary>The sender has seen this version of the map.</summary>
internal sealed record MapChangedMessage(long Version) : Message;
