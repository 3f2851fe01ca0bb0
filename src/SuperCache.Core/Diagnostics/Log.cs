using Microsoft.Extensions.Logging;

namespace SuperCache.Diagnostics;

/// <summary>Every log event of the engine. Ids 1000 to 1999; ids and names stay as they are once released. No keys,
/// no values.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, EventName = "CacheStarted", Level = LogLevel.Debug,
        Message = "Cache {Name} started with {PartitionCount} partitions of kind {TableKind}.")]
    public static partial void CacheStarted(ILogger logger, string name, int partitionCount, TableKind tableKind);

    [LoggerMessage(
        EventId = 1001, EventName = "CacheStopped", Level = LogLevel.Debug, Message = "Cache {Name} stopped.")]
    public static partial void CacheStopped(ILogger logger, string name);

    [LoggerMessage(EventId = 1002, EventName = "SafeOperationFailed", Level = LogLevel.Warning,
        Message = "{Operation} on cache {Name} failed with {ErrorType}.")]
    public static partial void SafeOperationFailed(ILogger logger, string operation, string name, string errorType);

    [LoggerMessage(EventId = 1003, EventName = "RecordsDeletedByMatch", Level = LogLevel.Debug,
        Message = "DeleteByMatch on cache {Name} deleted {Count} records.")]
    public static partial void RecordsDeletedByMatch(ILogger logger, string name, long count);

    [LoggerMessage(EventId = 1004, EventName = "AllRecordsDeleted", Level = LogLevel.Debug,
        Message = "DeleteAll emptied cache {Name}.")]
    public static partial void AllRecordsDeleted(ILogger logger, string name);

    [LoggerMessage(EventId = 1005, EventName = "LazyPutIsPut", Level = LogLevel.Warning,
        Message = "LazyPut on cache {Name} stores at once, because its replication mode is Strong. Reported once.")]
    public static partial void LazyPutIsPut(ILogger logger, string name);

    [LoggerMessage(EventId = 1006, EventName = "RemovalNoticesLost", Level = LogLevel.Warning,
        Message = "Listeners of EntryRemoved are too slow: {Capacity} notices wait and further ones are dropped. "
            + "Reported once; "
            + "CacheStatistics.LostRemovalNotices counts them.")]
    public static partial void RemovalNoticesLost(ILogger logger, int capacity);

    [LoggerMessage(EventId = 1007, EventName = "RemovalListenerFailed", Level = LogLevel.Error,
        Message = "A listener of EntryRemoved threw {ErrorType}.")]
    public static partial void RemovalListenerFailed(ILogger logger, string errorType);

    [LoggerMessage(EventId = 1008, EventName = "LazyPutsLost", Level = LogLevel.Error,
        Message = "Cache {Name} leaves its cluster although lazily put records could not be stored: {ErrorType}.")]
    public static partial void LazyPutsLost(ILogger logger, string name, string errorType);

    [LoggerMessage(EventId = 1009, EventName = "RemovalFailed", Level = LogLevel.Error,
        Message = "An entry that expired or is to make room stays for now: comparing its key threw {ErrorType}.")]
    public static partial void RemovalFailed(ILogger logger, string errorType);

    [LoggerMessage(EventId = 1100, EventName = "ClusterJoined", Level = LogLevel.Information,
        Message = "Cache {Name} joined cluster {Cluster} as {Node}.")]
    public static partial void ClusterJoined(ILogger logger, string name, string cluster, string node);

    [LoggerMessage(EventId = 1101, EventName = "ClusterLeft", Level = LogLevel.Information,
        Message = "Cache {Name} left cluster {Cluster}.")]
    public static partial void ClusterLeft(ILogger logger, string name, string cluster);

    [LoggerMessage(EventId = 1102, EventName = "ClusterLeftInHaste", Level = LogLevel.Warning,
        Message = "Cache {Name} stopped before it had handed all its partitions of cluster {Cluster} over; "
            + "the others take them over when its lease has ended.")]
    public static partial void ClusterLeftInHaste(ILogger logger, string name, string cluster);

    [LoggerMessage(EventId = 1103, EventName = "UnsafeRecovery", Level = LogLevel.Error,
        Message = "Partition {Partition} went on in epoch {Epoch} from op {Sequence} without enough of the copies "
            + "that may hold acknowledged writes: later ones may be lost.")]
    public static partial void UnsafeRecovery(ILogger logger, int partition, long epoch, long sequence);

    [LoggerMessage(EventId = 1104, EventName = "ReignStarted", Level = LogLevel.Debug,
        Message = "This node leads partition {Partition} in epoch {Epoch}, from op {Sequence} on.")]
    public static partial void ReignStarted(ILogger logger, int partition, long epoch, long sequence);

    [LoggerMessage(EventId = 1105, EventName = "LineageLost", Level = LogLevel.Error,
        Message = "The membership store belongs to another cluster's life now; this node has dropped its data.")]
    public static partial void LineageLost(ILogger logger);

    [LoggerMessage(EventId = 1106, EventName = "MalformedFrame", Level = LogLevel.Warning,
        Message = "A frame could not be read and was dropped.")]
    public static partial void MalformedFrame(ILogger logger);

    [LoggerMessage(EventId = 1107, EventName = "ClusterStepFailed", Level = LogLevel.Error,
        Message = "A step of the cluster node failed; it goes on with the next.")]
    public static partial void ClusterStepFailed(ILogger logger, Exception error);

    [LoggerMessage(EventId = 1108, EventName = "EffectFailed", Level = LogLevel.Error,
        Message = "A change ({Kind}) could not be made here; this copy may lack it.")]
    public static partial void EffectFailed(ILogger logger, string kind, Exception error);

    [LoggerMessage(EventId = 1109, EventName = "ClusterRefused", Level = LogLevel.Error,
        Message = "The membership store belongs to another cluster's life now, in which this node may not live; it has "
            + "dropped its data and serves no more until it is started again. {Reason}")]
    public static partial void ClusterRefused(ILogger logger, string reason);
}
