using System.Diagnostics;
using System.Numerics;

namespace SuperCache.Benchmarks.Expiring;

/// <summary>Lets many entries expire within one second and measures, call by call, what a reader and a writer of other
/// entries notice.</summary>
internal static class ExpireCommand
{
    private const int Living = 100_000;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(int count, TextWriter output)
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync();
        cache.PutBatch(Enumerable.Range(0, Living).Select(i => (-1 - i, (long)i)));

        // Filling takes a microsecond or two an entry; nothing may expire before the calm has been measured.
        DateTimeOffset end = DateTimeOffset.UtcNow + Calm + Calm + TimeSpan.FromMicroseconds(6.0 * count);
        Fill(cache, count, end);
        if (DateTimeOffset.UtcNow + Calm > end)
        {
            throw new InvalidOperationException("Filling took too long; nothing can be said about the calm.");
        }

        await Task.Delay(end - Calm - DateTimeOffset.UtcNow);
        (Latencies readCalm, Latencies writeCalm) = await MeasureAsync(cache, () => DateTimeOffset.UtcNow < end);
        (Latencies readSweep, Latencies writeSweep) = await MeasureAsync(
            cache, () => cache.GetStatistics().Expirations < count);
        TimeSpan back = DateTimeOffset.UtcNow - end;

        await output.WriteLineAsync($"{count:N0} entries expire within a second; "
            + $"all are reclaimed {back.TotalSeconds:F1} s after the first.\n");
        await output.WriteLineAsync("| call | when | calls | p50 µs | p99 µs | p99.9 µs | p99.99 µs | longest ms |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
        await output.WriteLineAsync($"| TryGet | before | {readCalm} |");
        await output.WriteLineAsync($"| TryGet | meanwhile | {readSweep} |");
        await output.WriteLineAsync($"| Put | before | {writeCalm} |");
        await output.WriteLineAsync($"| Put | meanwhile | {writeSweep} |");
    }

    private static void Fill(SuperCacheEngine cache, int count, DateTimeOffset end)
    {
        const int AtOnce = 1_000;
        for (int first = 0; first < count; first += AtOnce)
        {
            var life = new CacheEntryOptions { AbsoluteExpiration = end.AddSeconds((double)first / count) };
            cache.PutBatch(Enumerable.Range(first, Math.Min(AtOnce, count - first)).Select(i => (i, (long)i)), life);
        }
    }

    private static async Task<(Latencies Read, Latencies Write)> MeasureAsync(SuperCacheEngine cache, Func<bool> goesOn)
    {
        using var over = new CancellationTokenSource();
        Task<Latencies> reading = Task.Run(() => Measure(over.Token, i => cache.TryGet(-1 - i, out (int, long) _)));
        Task<Latencies> writing = Task.Run(() => Measure(over.Token, i => cache.Put((-1 - i, (long)i))));
        while (goesOn())
        {
            await Task.Delay(5);
        }

        await over.CancelAsync();
        return (await reading, await writing);
    }

    private static Latencies Measure(CancellationToken over, Action<int> call)
    {
        var latencies = new Latencies();
        var random = new Random(1);
        while (!over.IsCancellationRequested)
        {
            int i = random.Next(Living);
            long begin = Stopwatch.GetTimestamp();
            call(i);
            latencies.Add(Stopwatch.GetTimestamp() - begin);
        }

        return latencies;
    }

    /// <summary>How many calls took how long, in steps of an eighth.</summary>
    private sealed class Latencies
    {
        private readonly long[] _counts = new long[64 * 8];
        private long _count;
        private long _longest;

        public void Add(long ticks)
        {
            _counts[StepOf(ticks)]++;
            _count++;
            _longest = Math.Max(_longest, ticks);
        }

        public override string ToString() =>
            $"{_count:N0} | {At(0.5):F2} | {At(0.99):F2} | {At(0.999):F2} | {At(0.9999):F1} | "
            + $"{Stopwatch.GetElapsedTime(0, _longest).TotalMilliseconds:F1}";

        private static int StepOf(long ticks)
        {
            int power = BitOperations.Log2((ulong)Math.Max(1, ticks));
            return power < 3 ? (int)ticks : ((power - 2) * 8) + (int)((ticks >> (power - 3)) & 7);
        }

        /// <summary>In microseconds, the upper end of the step.</summary>
        private double At(double share)
        {
            long left = (long)(share * _count);
            int step = 0;
            while (left >= _counts[step])
            {
                left -= _counts[step++];
            }

            long ticks = step < 8 ? step + 1 : (8L + (step & 7) + 1) << ((step / 8) - 1);
            return Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds;
        }
    }
}
