namespace SuperCache.Benchmarks.Replay;

/// <summary>Replays traces through bounded caches and prints the hit ratios, by family and over all.</summary>
internal static class ReplayCommand
{
    /// <summary>Capacities, as fractions of a trace's distinct keys.</summary>
    private static readonly int[] Fractions = [64, 16, 8, 4];

    public static void Run(string folder, int maxRequests)
    {
        string[] names = [.. Contestants.All.Select(c => c.Name)];
        var ratios = new List<(string Family, double[] Ratios)>();
        Console.WriteLine("| trace | entries | " + string.Join(" | ", names) + " |");
        Console.WriteLine("|---|---|" + string.Concat(names.Select(_ => "---|")));
        foreach (Trace trace in Trace.ReadAll(folder, maxRequests))
        {
            foreach (int fraction in Fractions)
            {
                int capacity = Math.Max(8, trace.UniqueKeys / fraction);
                double[] row = [.. Contestants.All.Select(c => HitRatio(trace.Keys, c.Create(capacity)))];
                ratios.Add((trace.Family, row));
                Console.WriteLine($"| {trace.Name} | {capacity} | {Cells(row)} |");
            }
        }

        double[][] families = [.. ratios.GroupBy(r => r.Family).OrderBy(g => g.Key).Select(g => Mean(g.Select(r => r.Ratios)))];
        foreach ((string family, double[] row) in ratios.Select(r => r.Family).Distinct().Order().Zip(families))
        {
            Console.WriteLine($"| **{family}** | | {Cells(row)} |");
        }

        Console.WriteLine($"| **balanced mean** | | {Cells(Mean(families))} |");
        Console.WriteLine($"| **mean** | | {Cells(Mean(ratios.Select(r => r.Ratios)))} |");
    }

    private static double HitRatio(int[] keys, Func<int, bool> contains)
    {
        long hits = 0;
        foreach (int key in keys)
        {
            hits += contains(key) ? 1 : 0;
        }

        return (double)hits / keys.Length;
    }

    private static double[] Mean(IEnumerable<double[]> rows)
    {
        double[][] all = [.. rows];
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(row => row[i]))];
    }

    private static string Cells(double[] row) => string.Join(" | ", row.Select(r => $"{r * 100:F2}"));
}
