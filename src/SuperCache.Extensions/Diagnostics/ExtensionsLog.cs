using Microsoft.Extensions.Logging;

namespace SuperCache.Diagnostics;

/// <summary>What SuperCache.Extensions logs. Ids 2000 to 2999, fixed once shipped; no keys and no values in any
/// text.</summary>
internal static partial class ExtensionsLog
{
    [LoggerMessage(
        EventId = 2000,
        EventName = nameof(HostedCacheStarted),
        Level = LogLevel.Information,
        Message = "The cache \"{CacheName}\" serves from {PartitionCount} partitions.")]
    public static partial void HostedCacheStarted(this ILogger logger, string cacheName, int partitionCount);

    [LoggerMessage(
        EventId = 2001,
        EventName = nameof(HostedCacheStopped),
        Level = LogLevel.Information,
        Message = "The cache \"{CacheName}\" has stopped.")]
    public static partial void HostedCacheStopped(this ILogger logger, string cacheName);

    [LoggerMessage(
        EventId = 2002,
        EventName = nameof(FlushFailed),
        Level = LogLevel.Error,
        Message = "Storing what was lazily put into the cache \"{CacheName}\" failed while it was being stopped.")]
    public static partial void FlushFailed(this ILogger logger, Exception error, string cacheName);

    [LoggerMessage(
        EventId = 2003,
        EventName = nameof(EvictionCallbackFailed),
        Level = LogLevel.Error,
        Message = "A post-eviction callback of a memory cache entry threw {ErrorType}.")]
    public static partial void EvictionCallbackFailed(this ILogger logger, string errorType);
}
