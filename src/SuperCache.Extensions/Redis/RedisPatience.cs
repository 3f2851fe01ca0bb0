using System.Diagnostics.CodeAnalysis;

namespace SuperCache.Redis;

/// <summary>Waits for commands no longer than it should.</summary>
internal static class RedisPatience
{
    /// <summary>Waits for a command; when time is up, leaves it to itself and its failure to nobody.</summary>
    /// <exception cref="TimeoutException">Time is up.</exception>
    [SuppressMessage("Usage", "VSTHRD003", Justification = "A command to the server runs in nobody's context.")]
    public static Task<T> WaitWithinAsync<T>(this Task<T> command, TimeSpan timeout)
    {
        if (command.IsCompleted)
        {
            return command;
        }

        _ = command.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return command.WaitAsync(timeout);
    }
}
