using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace SuperCache.Extensions.Tests.Hosting;

public class SuperCacheServiceTests
{
    [Fact]
    public async Task HostStop_DisposesTheCache_AfterTheOtherServicesHaveStopped()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSuperCache();
        builder.Services.AddHostedService<PutsWhileStopping>();
        using IHost host = builder.Build();
        ISuperCache cache = host.Services.GetRequiredService<ISuperCache>();
        cache.Put(("before start", 1));

        await host.StartAsync();
        Assert.True(cache.TryGet("before start", out (string, int) _));
        await host.StopAsync();

        Assert.False(cache.IsStarted);
        Assert.Throws<ObjectDisposedException>(() => cache.TryGet("before start", out (string, int) _));
        Assert.True(host.Services.GetServices<IHostedService>().OfType<PutsWhileStopping>().Single().HasPut);
    }

    [Fact]
    public async Task Host_LogsStartAndStop_WithFixedEvents()
    {
        var events = new EventRecorder();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(events);
        builder.Services.AddSuperCache(o => o.PartitionCount = 3);
        using IHost host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.Contains((2000, "HostedCacheStarted", "The cache \"Default\" serves from 3 partitions."), events.Seen);
        Assert.Contains((2001, "HostedCacheStopped", "The cache \"Default\" has stopped."), events.Seen);
    }

    [Fact]
    public async Task HostStop_DoesNothing_WhenTheCacheWasDisposedAlready()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSuperCache();
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<SuperCacheEngine>().DisposeAsync();

        await host.StopAsync();

        Assert.False(host.Services.GetRequiredService<ISuperCache>().IsStarted);
    }

    private sealed class PutsWhileStopping(ISuperCache cache) : IHostedService
    {
        public bool HasPut { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            cache.Put(("while stopping", 1));
            HasPut = cache.TryGet("while stopping", out (string, int) _);
            return Task.CompletedTask;
        }
    }

    private sealed class EventRecorder : ILoggerProvider, ILogger
    {
        public List<(int Id, string? Name, string Text)> Seen { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (Seen)
            {
                Seen.Add((eventId.Id, eventId.Name, formatter(state, exception)));
            }
        }

        public void Dispose()
        {
        }
    }
}
