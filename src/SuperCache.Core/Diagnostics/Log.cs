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
}
