using System.Globalization;
using BenchmarkDotNet.Running;
using SuperCache.Benchmarks.Clusters;
using SuperCache.Benchmarks.Expiring;
using SuperCache.Benchmarks.Heap;
using SuperCache.Benchmarks.OverRedis;
using SuperCache.Benchmarks.Paired;
using SuperCache.Benchmarks.Replay;

namespace SuperCache.Benchmarks;

/// <summary>The commands: <c>paired</c> (SuperCache against its peers in one process), <c>cluster</c> (two nodes
/// without a network), <c>redis</c> (two nodes over Redis against the least that Redis allows), <c>replay</c> (hit
/// ratios over traces), <c>heap</c> (bytes an entry), <c>expire</c> (what others notice while many entries expire);
/// anything else goes to BenchmarkDotNet.</summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        switch (args)
        {
            case ["paired", .. string[] rest]:
                PairedProgram.Run(rest);
                break;
            case ["redis", .. string[] rest]:
                await RedisCommand.RunAsync(NumberOr(rest, 21), Console.Out);
                break;
            case ["replay", string folder, .. string[] rest]:
                ReplayCommand.Run(folder, NumberOr(rest, int.MaxValue));
                break;
            case ["heap", .. string[] rest]:
                HeapCommand.Run(NumberOr(rest, 1_000_000));
                break;
            case ["expire", .. string[] rest]:
                await ExpireCommand.RunAsync(NumberOr(rest, 10_000_000), Console.Out);
                break;
            case ["cluster"]:
                await ClusterCommand.RunAsync();
                break;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                break;
        }
    }

    private static int NumberOr(string[] args, int fallback) =>
        args.Length == 0 ? fallback : int.Parse(args[0], CultureInfo.InvariantCulture);
}
