using System.Diagnostics;
using System.Globalization;

namespace SuperCache.Benchmarks.OverRedis;

/// <summary>Times operations one after the other, the subjects turn by turn, and compares medians with the
/// first.</summary>
/// <param name="callsInATurn">Calls of one turn.</param>
internal sealed class LatencyRace(int callsInATurn)
{
    private readonly List<(string Name, Func<int, Task> CallAsync, List<double> Turns)> _subjects = [];

    public LatencyRace Add(string name, Func<int, Task> callAsync)
    {
        _subjects.Add((name, callAsync, []));
        return this;
    }

    public async Task RunAsync(int rounds, TextWriter output)
    {
        for (int round = -3; round < rounds; round++)
        {
            foreach ((_, Func<int, Task> callAsync, List<double> turns) in _subjects)
            {
                double[] calls = new double[callsInATurn];
                for (int i = 0; i < callsInATurn; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    await callAsync(i);
                    calls[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                }

                if (round >= 0)
                {
                    turns.Add(Median(calls));
                }
            }
        }

        output.WriteLine(
            "| operation | µs, median of the rounds' medians | × the first, median (min..max of rounds) |");
        output.WriteLine("|---|---|---|");
        foreach ((string name, _, List<double> turns) in _subjects)
        {
            double[] ratios = [.. turns.Zip(_subjects[0].Turns, (own, first) => own / first)];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Median(turns):F1} | {Median(ratios):F2} ({ratios.Min():F2}..{ratios.Max():F2}) |"));
        }

        output.WriteLine();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
