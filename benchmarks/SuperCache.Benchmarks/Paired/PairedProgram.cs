using System.Globalization;
using System.Runtime.InteropServices;

namespace SuperCache.Benchmarks.Paired;

/// <summary>The paired runner: chooses contests by name and writes their tables to the console.</summary>
public static class PairedProgram
{
    private static readonly Dictionary<string, Action<int, TextWriter>> Groups = new(StringComparer.Ordinal)
    {
        ["read"] = ReadContests.Read,
        ["mix"] = ReadContests.Mix,
        ["bounded"] = BoundedContests.Bounded,
        ["put"] = WriteContests.Put,
        ["batch"] = WriteContests.Batch,
        ["lazy"] = WriteContests.Lazy,
        ["match"] = MatchContests.Match,
        ["ordered"] = WriteContests.Ordered,
    };

    public static void Run(string[] args)
    {
        int option = Array.IndexOf(args, "--rounds");
        int rounds = option >= 0 ? int.Parse(args[option + 1], CultureInfo.InvariantCulture) : 31;
        string[] chosen = [.. args.Where(Groups.ContainsKey)];
        Console.WriteLine(
            $"{Processor()}, {Environment.ProcessorCount} cores, "
            + $"{RuntimeInformation.FrameworkDescription}, {rounds} rounds.");
        foreach (string group in chosen.Length == 0 ? [.. Groups.Keys] : chosen)
        {
            Groups[group](rounds, Console.Out);
            GC.Collect();
        }
    }

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
