using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using EngineLog = SuperCache.Diagnostics.Log;

namespace SuperCache.TestKit.Clusters;

/// <summary>Keeps what nodes log of faults that they survive and that no test may cause: a step that failed, a copy
/// that lacks a change.</summary>
internal sealed class ClusterFaults : ILoggerFactory, ILogger
{
    private static readonly string[] Never = [nameof(EngineLog.ClusterStepFailed), nameof(EngineLog.EffectFailed)];
    private readonly ConcurrentQueue<string> _found = new();

    /// <summary>The names of all errors that were logged.</summary>
    public ConcurrentQueue<string?> Errors { get; } = new();

    public void ThrowIfAny()
    {
        if (_found.TryPeek(out string? first))
        {
            throw new InvalidOperationException($"{_found.Count} faults were logged, the first: {first}");
        }
    }

    /// <summary>Forgets what there is and says how many there were.</summary>
    public int Take()
    {
        int count = _found.Count;
        _found.Clear();
        return count;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        Errors.Enqueue(eventId.Name);
        if (Never.Contains(eventId.Name))
        {
            _found.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
