using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SuperCache.Diagnostics;

namespace SuperCache;

/// <summary>Ties a cache to the life of the host.</summary>
/// <remarks>A local cache works from the moment it is resolved, with or without this service. The service creates it
/// when the host starts, so that a mistake shows then, and stops it after every other hosted service has stopped:
/// first it stores what was lazily put, then it gives the memory back. A call after that throws
/// <see cref="ObjectDisposedException"/>.
/// <para>A node of a cluster joins before any other service starts, and the start fails when it cannot. When the host
/// begins to stop, it hands its partitions over to the others and goes on answering, through them, until every other
/// service has stopped; then it leaves.</para></remarks>
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
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SuperCacheEngine engine = _resolve();
        await engine.JoinAsync(cancellationToken);
        _engine = engine;
        _logger.HostedCacheStarted(engine.Name, engine.Partitions.Count);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_engine is { IsStarted: true } engine)
        {
            await engine.HandOverAsync(cancellationToken);
        }
    }

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

        await engine.LeaveAsync(cancellationToken);
        await engine.DisposeAsync();
        _logger.HostedCacheStopped(engine.Name);
    }
}
