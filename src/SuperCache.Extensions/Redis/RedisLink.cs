using System.Diagnostics;
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
    private readonly Lock _gate = new();

    /// <summary>Whether it is open or being opened. Under the gate.</summary>
    private bool _isBegun;
    private bool _isDisposed;
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
    /// <exception cref="ObjectDisposedException">The link was disposed, perhaps meanwhile; nothing is left
    /// open.</exception>
    /// <exception cref="InvalidOperationException">It is open, or being opened.</exception>
    public async ValueTask OpenAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isBegun)
            {
                throw new InvalidOperationException("The link is open or being opened; it can be opened once.");
            }

            _isBegun = true;
        }

        try
        {
            await ConnectAsync(self, inbox, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A start that failed may be tried again.
            lock (_gate)
            {
                _isBegun = false;
            }

            throw;
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
        RedisConnections? connections;
        lock (_gate)
        {
            // What is being opened sees this when it is open.
            _isDisposed = true;
            (connections, _connections) = (_connections, null);
        }

        if (connections is not null)
        {
            await CloseAsync(connections).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(NodeId self, IClusterInbox inbox, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        RedisConnections connections = await RedisConnections.OpenAsync(
            options, $"supercache:{clusterName}:{self}", logger, cancellationToken).ConfigureAwait(false);
        try
        {
            await RedisServerCheck.RequireScriptsAsync(
                connections, _keys, self, options, begun, cancellationToken).ConfigureAwait(false);
            await RedisServerCheck.WarnOfEvictionAsync(connections.Control, logger, options.RequestTimeout)
                .ConfigureAwait(false);
            _store = new RedisMembershipStore(
                connections.Control.GetDatabase(), _keys, inbox, options.RequestTimeout, logger);
            _backplane = new RedisBackplane(
                connections.Data.GetSubscriber(), _keys, self, inbox, _budget, logger);
            await _backplane.OpenAsync().WaitAsync(options.RequestTimeout * 5, cancellationToken)
                .ConfigureAwait(false);
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _connections = connections;
            }

            logger.RedisLinkOpened(clusterName, RedisConnections.Where(options));
        }
        catch (Exception error)
        {
            await CloseAsync(connections).ConfigureAwait(false);
            (_store, _backplane) = (null, null);
            if (error is SuperCacheException or OperationCanceledException or ObjectDisposedException)
            {
                throw;
            }

            throw new BackplaneUnavailableException(
                $"Redis at {RedisConnections.Where(options)} was lost while the node was joining: {error.Message}",
                error);
        }
    }

    /// <summary>Listens no more and closes what is our own; an application's connection is left without our
    /// subscriptions.</summary>
    private async Task CloseAsync(RedisConnections connections)
    {
        try
        {
            if (_backplane is { } backplane)
            {
                await backplane.CloseAsync().WaitAsync(options.RequestTimeout).ConfigureAwait(false);
            }
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
