using System.Globalization;

namespace SuperCache.Tests;

/// <summary>How long the tests that run against the clock go on.</summary>
public static class Soak
{
    /// <summary>3 seconds, or what the environment variable <c>SUPERCACHE_SOAK_SECONDS</c> says.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("SUPERCACHE_SOAK_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    /// <summary>Runs workers side by side until the time is over or one of them fails, whose error is then thrown.</summary>
    /// <param name="length">How long to run.</param>
    /// <param name="workers">Each is called over and over by a thread of its own, with the number of the round.</param>
    public static void Run(TimeSpan length, params Action<int>[] workers)
    {
        using var stop = new CancellationTokenSource(length);
        Exception? failure = null;
        Thread[] threads = Array.ConvertAll(workers, worker => new Thread(() =>
        {
            try
            {
                for (int round = 0; !stop.IsCancellationRequested; round++)
                {
                    worker(round);
                }
            }
            catch (Exception error)
            {
                failure = error;
                stop.Cancel();
            }
        }));
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException("A worker failed: " + failure.Message, failure);
        }
    }
}
