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

    [LoggerMessage(
        EventId = 2010,
        EventName = nameof(RedisLinkOpened),
        Level = LogLevel.Information,
        Message = "The cluster \"{ClusterName}\" is reached through Redis at {EndPoints}.")]
    public static partial void RedisLinkOpened(this ILogger logger, string clusterName, string endPoints);

    [LoggerMessage(
        EventId = 2011,
        EventName = nameof(RedisConnectionLost),
        Level = LogLevel.Warning,
        Message = "The {ConnectionType} connection to Redis is lost: {FailureType}. It is opened again by itself.")]
    public static partial void RedisConnectionLost(this ILogger logger, string connectionType, string failureType);

    [LoggerMessage(
        EventId = 2012,
        EventName = nameof(RedisConnectionRestored),
        Level = LogLevel.Information,
        Message = "The {ConnectionType} connection to Redis stands again.")]
    public static partial void RedisConnectionRestored(this ILogger logger, string connectionType);

    [LoggerMessage(
        EventId = 2013,
        EventName = nameof(MembershipStoreFailed),
        Level = LogLevel.Warning,
        Message = "The membership store did not answer a {RequestType}; until it does, this node keeps "
            + "what its lease allows.")]
    public static partial void MembershipStoreFailed(this ILogger logger, Exception error, string requestType);

    [LoggerMessage(
        EventId = 2014,
        EventName = nameof(MembershipStoreAnswersAgain),
        Level = LogLevel.Information,
        Message = "The membership store answers again.")]
    public static partial void MembershipStoreAnswersAgain(this ILogger logger);

    [LoggerMessage(
        EventId = 2015,
        EventName = nameof(ReceiveQueueFull),
        Level = LogLevel.Warning,
        Message = "{Count} messages wait to be read from the backplane; they are dropped, and what they "
            + "held is fetched again.")]
    public static partial void ReceiveQueueFull(this ILogger logger, int count);

    [LoggerMessage(
        EventId = 2016,
        EventName = nameof(FrameFailed),
        Level = LogLevel.Error,
        Message = "A message from the backplane could not be taken in.")]
    public static partial void FrameFailed(this ILogger logger, Exception error);

    [LoggerMessage(
        EventId = 2017,
        EventName = nameof(RedisMayEvictTheMap),
        Level = LogLevel.Warning,
        Message = "The Redis server has maxmemory-policy {Policy}, which may remove the cluster's map. "
            + "Use volatile-* or noeviction.")]
    public static partial void RedisMayEvictTheMap(this ILogger logger, string policy);

    [LoggerMessage(
        EventId = 2018,
        EventName = nameof(RedisPolicyUnknown),
        Level = LogLevel.Debug,
        Message = "The Redis server does not tell its maxmemory-policy: {Reason}")]
    public static partial void RedisPolicyUnknown(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = 2019,
        EventName = nameof(RedisUnsubscribeFailed),
        Level = LogLevel.Debug,
        Message = "Unsubscribing from the backplane failed: {Reason}")]
    public static partial void RedisUnsubscribeFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = 2020,
        EventName = nameof(SubscriptionLost),
        Level = LogLevel.Warning,
        Message = "Redis has taken {Count} messages of this node and brought none of them back, though the connection "
            + "stands; the channel is subscribed again.")]
    public static partial void SubscriptionLost(this ILogger logger, int count);

    [LoggerMessage(
        EventId = 2021,
        EventName = nameof(SubscriptionFailed),
        Level = LogLevel.Warning,
        Message = "The channel could not be subscribed again: {Reason} It is tried again.")]
    public static partial void SubscriptionFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = 2022,
        EventName = nameof(StoreReplyFailed),
        Level = LogLevel.Error,
        Message = "The membership store's answer to a {RequestType} could not be taken in.")]
    public static partial void StoreReplyFailed(this ILogger logger, Exception error, string requestType);
}
