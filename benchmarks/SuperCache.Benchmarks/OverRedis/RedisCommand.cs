using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using SuperCache.Caching;
using SuperCache.TestKit.Redis;

namespace SuperCache.Benchmarks.OverRedis;

/// <summary>Two nodes over a real redis-server beside the least that the same server allows, and beside Microsoft's
/// Redis cache.</summary>
internal static class RedisCommand
{
    private static readonly byte[] Payload = new byte[100];

    public static async Task RunAsync(int rounds, TextWriter output)
    {
        await using RedisFixture server = await RedisFixture.StartAsync();
        output.WriteLine($"\n### Request and response, one after the other, 100 bytes, {rounds} rounds\n");
        await RaceFloorAsync(server.EndPoint, rounds, output);
        await using PairOfNodes nodes = await PairOfNodes.StartAsync(server.EndPoint, ReplicationMode.Async);
        string[] own = PairOfNodes.KeysLedBy(nodes.First, 10_000);
        await MeasureAsyncPutsAsync(nodes, own, output);
        output.WriteLine("\n### Beside Microsoft's RedisCache on the same server, one thread, 100 bytes\n");
        RaceRedisCache(server.EndPoint, nodes, own, output);
    }

    private static async Task RaceFloorAsync(string redis, int rounds, TextWriter output)
    {
        await using PubSubFloor floor = await PubSubFloor.StartAsync(redis);
        await using PairOfNodes sync = await PairOfNodes.StartAsync(redis, ReplicationMode.Sync);
        await using PairOfNodes strong = await PairOfNodes.StartAsync(redis, ReplicationMode.Strong);
        string[] own = PairOfNodes.KeysLedBy(sync.First, 100);
        string[] others = PairOfNodes.KeysLedBy(sync.Second, 100);
        string[] strongOwn = PairOfNodes.KeysLedBy(strong.First, 100);
        foreach (string key in others)
        {
            await sync.First.PutAsync((key, Payload));
        }

        await new LatencyRace(300)
            .Add("bare pub/sub request and response", _ => floor.CallAsync(Payload))
            .Add("Sync put at the primary", i => sync.First.PutAsync((own[i % 100], Payload)).AsTask())
            .Add("forwarded read", i => sync.First.TryGetAsync<string, (string, byte[])>(
                others[i % 100], ReadMode.Primary).AsTask())
            .Add("Strong put at the primary", i => strong.First.PutAsync((strongOwn[i % 100], Payload)).AsTask())
            .RunAsync(rounds, output);
    }

    private static async Task MeasureAsyncPutsAsync(PairOfNodes nodes, string[] keys, TextWriter output)
    {
        output.WriteLine("\n### Async puts of 100 bytes at the primary, replicated to the other node\n");
        for (int warm = 0; warm < 3; warm++)
        {
            Array.ForEach(keys, key => nodes.First.Put((key, Payload)));
        }

        double[] calls = new double[100_000];
        for (int i = 0; i < calls.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            nodes.First.Put((keys[i % keys.Length], Payload));
            calls[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        double median = calls.Order().ElementAt(calls.Length / 2);
        double late = calls.Order().ElementAt(calls.Length * 99 / 100);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"One after the other: median {median:F2} µs, 99 % within {late:F1} µs."));

        await SustainAsync(nodes, keys, 300_000, output);
        await SustainAsync(nodes, keys, int.MaxValue, output);
    }

    /// <summary>Puts for five seconds, not faster than a rate, and waits until the replica is level.</summary>
    private static async Task SustainAsync(PairOfNodes nodes, string[] keys, int rate, TextWriter output)
    {
        long puts = 0;
        long mostLag = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(5))
        {
            for (int i = 0; i < 1_000; i++)
            {
                nodes.First.Put((keys[(int)(puts++ % keys.Length)], Payload));
            }

            while (puts > clock.Elapsed.TotalSeconds * rate)
            {
                Thread.SpinWait(100);
            }

            mostLag = Math.Max(mostLag, nodes.First.LookAtCluster()?.Node.Lag ?? 0);
        }

        double seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        while (nodes.First.LookAtCluster()?.Node.Lag > 0)
        {
            await Task.Delay(1);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"For {seconds:F0} s from one thread{(rate == int.MaxValue ? ", as fast as it goes" : "")}: "
            + $"{puts / seconds:N0} puts/s; the replica was level {clock.Elapsed.TotalMilliseconds:F0} ms after the "
            + $"last; a partition was behind by {mostLag:N0} ops at most."));
    }

    private static void RaceRedisCache(string redis, PairOfNodes nodes, string[] keys, TextWriter output)
    {
        using var peer = new RedisCache(new RedisCacheOptions { Configuration = redis });
        var own = new RecordDistributedCache(nodes.First);
        var options = new DistributedCacheEntryOptions();
        foreach (string key in keys.Take(100))
        {
            peer.Set(key, Payload, options);
            own.Set(key, Payload, options);
        }

        output.WriteLine("| operation | RedisCache, op/s | SuperCache, op/s | × |");
        output.WriteLine("|---|---|---|---|");
        Compare("read", i => peer.Get(keys[i % 100]), i => own.Get(keys[i % 100]));
        Compare(
            "set, Async",
            i => peer.Set(keys[i % 100], Payload, options),
            i => own.Set(keys[i % 100], Payload, options));

        void Compare(string name, Action<int> theirs, Action<int> ours)
        {
            var ratios = new List<(double Theirs, double Ours)>();
            for (int round = 0; round < 7; round++)
            {
                ratios.Add((Rate(theirs, 2_000), Rate(ours, 200_000)));
            }

            (double peerRate, double ownRate) = ratios.OrderBy(r => r.Ours / r.Theirs).ElementAt(3);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {peerRate:N0} | {ownRate:N0} | **{ownRate / peerRate:F0}** |"));
        }
    }

    private static double Rate(Action<int> call, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            call(i);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
