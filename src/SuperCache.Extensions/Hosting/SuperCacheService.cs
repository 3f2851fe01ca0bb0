using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SuperCache.Diagnostics;

namespace SuperCache;

/// <summary>Ties a cache to the life of the host.</summary>
/// <remarks>A local cache works from the moment it is resolved, with or without this service. The service creates it
/// when the host starts, so that a mistake shows then, and stops it after every other hosted service has stopped:
/// first it stores what was lazily put, then it gives the memory back. A call after that throws
/// <see cref="ObjectDisposedException"/>.</remarks>
public sealed class SuperCacheService : IHostedLifecycleService
{
    private readonly Func<SuperCacheEngine> _resolve;
    private readonly ILogger _logger;

    /// <summary>Written once by <see cref="StartingAsync"/>.</summary>
    private SuperCacheEngine? _engine;

    internal SuperCacheService(Func<SuperCacheEngine> resolve, ILogger<SuperCacheService> logger)
    {
        _resolve = resolve;
        _logger = logger;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _engine = _resolve();
        _logger.HostedCacheStarted(_engine.Name, _engine.Partitions.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "The cache must be disposed whatever the flush meets.")]
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_engine is not { IsStarted: true } engine)
        {
            return;
        }

        try
        {
            await engine.FlushAsync(cancellationToken);
        }
        catch (Exception error)
        {
            _logger.FlushFailed(error, engine.Name);
        }

        await engine.DisposeAsync();
        _logger.HostedCacheStopped(engine.Name);
    }
}
