using System.Diagnostics;
using SuperCache;
using SuperCache.Cluster;
using SuperCache.TestKit.Simulation;

// Runs a range of seeds and prints each broken invariant with the seed that reproduces it.
//   dotnet run -c Release --project tests/SuperCache.Simulation -- --mode Sync --seeds 0..20000
//   options: --mode Async|Sync|Strong   --seeds from..to   --profile Calm|Tolerable|Hostile   --theme <FaultTheme>
//            --bug <PlantedBug>   --stop (at the first violation)   --trace (what happens, for one seed)
string Value(string name, string otherwise)
{
    int at = Array.IndexOf(args, "--" + name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

ReplicationMode mode = Enum.Parse<ReplicationMode>(Value("mode", "Sync"));
string[] range = Value("seeds", "0..200").Split("..");
int from = int.Parse(range[0]);
int to = range.Length > 1 ? int.Parse(range[1]) : from + 1;
FaultTheme? theme = Enum.TryParse(Value("theme", ""), out FaultTheme named) ? named : null;
FaultProfile? profile = Enum.TryParse(Value("profile", ""), out FaultProfile parsed) ? parsed : null;
PlantedBug bug = Enum.Parse<PlantedBug>(Value("bug", "None"));
bool stops = args.Contains("--stop");
Action<string>? trace = args.Contains("--trace") ? Console.WriteLine : null;

long started = Stopwatch.GetTimestamp();
int violations = 0;
long acknowledged = 0;
long refused = 0;
long open = 0;
long unsafeRecoveries = 0;
long excused = 0;
int runs = 0;
for (int seed = from; seed < to && (violations == 0 || !stops); seed++)
{
    SimulationResult result = SimulatedCluster.Run(
        new SimulationOptions
        {
            Seed = seed,
            Mode = mode,
            Profile = profile,
            Theme = theme,
            Bugs = bug,
            Trace = trace,
        });
    runs++;
    acknowledged += result.Acknowledged;
    refused += result.Refused;
    open += result.Open;
    unsafeRecoveries += result.UnsafeRecoveries;
    excused += result.Excused;
    if (result.Violation is { } violation)
    {
        violations++;
        Console.WriteLine($"{result.Description}: {violation}");
    }
}

TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
Console.WriteLine(
    $"{mode}: {runs} seeds, {violations} violations, {acknowledged} operations acknowledged, {refused} refused, {open} open, "
    + $"{unsafeRecoveries} unsafe recoveries reported, {excused} losses excused, {elapsed.TotalSeconds:F1} s");
return violations == 0 ? 0 : 1;
