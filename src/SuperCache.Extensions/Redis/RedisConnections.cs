using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using SuperCache.Diagnostics;

namespace SuperCache.Redis;

/// <summary>A node's connections to Redis, and who owns them.</summary>
/// <remarks>Two of them when they are our own: a burst of frames on one must not delay a renewal of the lease on the
/// other. An application's connection serves as both.</remarks>
internal sealed class RedisConnections : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private readonly bool _isOwner;
    private readonly ILogger _logger;

    private RedisConnections(
        IConnectionMultiplexer control, IConnectionMultiplexer data, bool isOwner, ILogger logger)
    {
        (Control, Data, _isOwner, _logger) = (control, data, isOwner, logger);
        control.ConnectionFailed += OnFailed;
        control.ConnectionRestored += OnRestored;
        if (!ReferenceEquals(control, data))
        {
            data.ConnectionFailed += OnFailed;
            data.ConnectionRestored += OnRestored;
        }
    }

    /// <summary>For scripts.</summary>
    public IConnectionMultiplexer Control { get; }

    /// <summary>For frames.</summary>
    public IConnectionMultiplexer Data { get; }

    /// <summary>Whether both are connected, as far as the library has noticed.</summary>
    public bool IsConnected => Control.IsConnected && Data.IsConnected;

    /// <summary>Opens them, waiting until Redis answers.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="clientName">What the server's list of clients shows.</param>
    /// <param name="logger">Hears of losses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BackplaneUnavailableException">Redis did not answer within the time to join.</exception>
    public static async Task<RedisConnections> OpenAsync(
        SuperCacheRedisOptions options, string clientName, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.JoinTimeout);
        Task<RedisConnections> opening = ConnectAsync(options, clientName, logger);
        try
        {
            RedisConnections connections = await opening.WaitAsync(patience.Token).ConfigureAwait(false);
            while (!connections.IsConnected)
            {
                await Task.Delay(BetweenLooks, patience.Token).ConfigureAwait(false);
            }

            return connections;
        }
        catch (Exception error) when (error is RedisException or OperationCanceledException or ArgumentException)
        {
            // The library cannot be told to stop: what it opens yet is closed then, and nobody waits for that.
            Task closing = CloseAsync(opening);
            if (opening.IsCompleted)
            {
                await closing.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new BackplaneUnavailableException(
                $"Redis at {Where(options)} could not be reached within {options.JoinTimeout}. " +
                $"See docs/operations.md, \"A node will not join\". {error.Message}",
                error);
        }
    }

    /// <summary>The places of the options, without user and password.</summary>
    public static string Where(SuperCacheRedisOptions options)
    {
        if (options.ConnectionMultiplexerFactory is not null)
        {
            return "the application's connection";
        }

        return string.Join(',', Parse(options).EndPoints.Select(e => e.ToString()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IConnectionMultiplexer connection in new[] { Control, Data }.Distinct())
        {
            connection.ConnectionFailed -= OnFailed;
            connection.ConnectionRestored -= OnRestored;
            if (_isOwner)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Closes connections as soon as they have been opened, if they are.</summary>
    private static async Task CloseAsync(Task<RedisConnections> opening)
    {
#pragma warning disable VSTHRD003 // It is this class that began it.
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore VSTHRD003
        if (opening.IsCompletedSuccessfully)
        {
            await opening.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<RedisConnections> ConnectAsync(
        SuperCacheRedisOptions options, string clientName, ILogger logger)
    {
        if (options.ConnectionMultiplexerFactory is { } factory)
        {
            Task<IConnectionMultiplexer>? giving = factory();
            IConnectionMultiplexer? given = giving is null ? null : await giving.ConfigureAwait(false);
            if (given is null)
            {
                throw new ClusterConfigurationException(
                    $"{nameof(SuperCacheRedisOptions)}.{nameof(options.ConnectionMultiplexerFactory)} gave null; it "
                    + "must give a connection.");
            }

            return new RedisConnections(given, given, isOwner: false, logger);
        }

        ConfigurationOptions configuration = Own(options, clientName);
        ConnectionMultiplexer control = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        try
        {
            ConnectionMultiplexer data =
                await ConnectionMultiplexer.ConnectAsync(configuration.Clone()).ConfigureAwait(false);
            return new RedisConnections(control, data, isOwner: true, logger);
        }
        catch
        {
            await control.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The settings that the protocol wants: nothing is queued while Redis is away, since what is done late is
    /// worse than what is not done; losses are noticed and mended soon.</summary>
    private static ConfigurationOptions Own(SuperCacheRedisOptions options, string clientName)
    {
        ConfigurationOptions configuration = Parse(options);
        int timeout = (int)options.RequestTimeout.TotalMilliseconds;
        configuration.AbortOnConnectFail = false;
        configuration.AllowAdmin = true; // INFO, which tells whether the server may evict the map, counts as such.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.SharedSubscriptionConnection = false;
        configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, 1_000);
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout;
        configuration.KeepAlive = 5;
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.ClientName ??= clientName;
        return configuration;
    }

    private static ConfigurationOptions Parse(SuperCacheRedisOptions options) =>
        options.ConfigurationOptions?.Clone() ?? ConfigurationOptions.Parse(options.Configuration ?? "");

    private void OnFailed(object? sender, ConnectionFailedEventArgs e) =>
        _logger.RedisConnectionLost(e.ConnectionType.ToString(), e.FailureType.ToString());

    private void OnRestored(object? sender, ConnectionFailedEventArgs e) =>
        _logger.RedisConnectionRestored(e.ConnectionType.ToString());
}
