using Microsoft.Extensions.Logging;
using SuperCache.Cluster;
using SuperCache.Diagnostics;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.Redis;

/// <summary>A node's connection to its cluster through one Redis server: backplane and membership store.</summary>
/// <param name="options">Where and how.</param>
/// <param name="clusterName">The cluster.</param>
/// <param name="logger">What goes wrong, and when it is well again.</param>
internal sealed class RedisLink(SuperCacheRedisOptions options, string clusterName, ILogger logger) : IClusterLink
{
    private readonly RedisKeys _keys = new(options.KeyPrefix, clusterName);
    private readonly PendingBudget _budget = new(options.MaxPendingBytes);
    private RedisConnections? _connections;
    private RedisMembershipStore? _store;
    private RedisBackplane? _backplane;

    /// <inheritdoc/>
    public LinkStatus Status => new(
        _connections is { IsConnected: true },
        _store is { IsAnswering: true },
        _budget.Pending,
        _backplane?.Waiting ?? 0,
        _budget.Refused,
        _budget.Lost,
        _backplane?.Dropped ?? 0);

    /// <inheritdoc/>
    public async ValueTask OpenAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken)
    {
        RedisConnections connections = await RedisConnections.OpenAsync(
            options, $"supercache:{clusterName}:{self}", logger, cancellationToken).ConfigureAwait(false);
        try
        {
            await RedisServerCheck.RequireAtomicScriptsAsync(connections, _keys, self, options.RequestTimeout)
                .ConfigureAwait(false);
            await RedisServerCheck.WarnOfEvictionAsync(connections.Control, logger, options.RequestTimeout)
                .ConfigureAwait(false);
            _store = new RedisMembershipStore(
                connections.Control.GetDatabase(), _keys, inbox, options.RequestTimeout, logger);
            _backplane = new RedisBackplane(
                connections.Data.GetSubscriber(), _keys, self, inbox, _budget, logger);
            await _backplane.OpenAsync().WaitAsync(options.RequestTimeout * 5, cancellationToken)
                .ConfigureAwait(false);
            _connections = connections;
            logger.RedisLinkOpened(clusterName, RedisConnections.Where(options));
        }
        catch (Exception error)
        {
            (_store, _backplane) = (null, null);
            await connections.DisposeAsync().ConfigureAwait(false);
            if (error is SuperCacheException or OperationCanceledException)
            {
                throw;
            }

            throw new BackplaneUnavailableException(
                $"Redis at {RedisConnections.Where(options)} was lost while the node was joining: {error.Message}",
                error);
        }
    }

    /// <inheritdoc/>
    public void Send(NodeId destination, ReadOnlySpan<byte> frame) => _backplane?.Send(destination, frame);

    /// <inheritdoc/>
    public void Broadcast(ReadOnlySpan<byte> frame) => _backplane?.Broadcast(frame);

    /// <inheritdoc/>
    public void Begin(long callId, StoreRequest request) => _store?.Begin(callId, request);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connections, null) is not { } connections)
        {
            return;
        }

        try
        {
            await _backplane!.CloseAsync().WaitAsync(options.RequestTimeout).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or StackExchange.Redis.RedisException
            or ObjectDisposedException)
        {
            // The application may have disposed a connection of its own first.
            logger.RedisUnsubscribeFailed(error.Message);
        }
        finally
        {
            await connections.DisposeAsync().ConfigureAwait(false);
        }
    }
}
