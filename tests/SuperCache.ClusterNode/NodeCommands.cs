using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SuperCache.Replication;

namespace SuperCache.ClusterNode;

/// <summary>Carries out the lines that a test writes to the node: <c>number command arguments</c>, answered, in any
/// order, by <c>number ok result</c> or <c>number error type</c>.</summary>
/// <param name="engine">The cache.</param>
/// <param name="output">Where answers go.</param>
internal sealed class NodeCommands(SuperCacheEngine engine, TextWriter output)
{
    private readonly Lock _gate = new();

    /// <summary>Carries a line out.</summary>
    public async Task RunAsync(string line)
    {
        await Task.Yield();
        string[] words = line.Split(' ');
        string answer;
        try
        {
            answer = "ok " + await CarryOutAsync(words);
        }
#pragma warning disable CA1031 // Whatever it is, the test wants to know.
        catch (Exception error)
#pragma warning restore CA1031
        {
            answer = $"error {error.GetType().Name} {error.Message.ReplaceLineEndings(" ")}";
        }

        lock (_gate)
        {
            output.WriteLine($"{words[0]} {answer}");
            output.Flush();
        }
    }

    private async ValueTask<string> CarryOutAsync(string[] words)
    {
        switch (words[1])
        {
            case "put":
                await engine.PutAsync((words[2], long.Parse(words[3], CultureInfo.InvariantCulture)));
                return "";
            case "get":
                IReadOnlyList<(string Key, long Value)> found = await engine.GetAsync<(string Key, long Value)>(
                    ValueTuple.Create(words[2]), Enum.Parse<ReadMode>(words[3]));
                return found.Count == 0 ? "-" : found[0].Value.ToString(CultureInfo.InvariantCulture);
            case "delete":
                return await engine.DeleteByKeyAsync(words[2]) ? "1" : "0";
            case "dump":
                return engine.Scan(new StringBuilder(), Append).ToString();
            case "health":
                return Health();
            case "flood":
                return await FloodAsync(int.Parse(words[2], CultureInfo.InvariantCulture));
            case "heap":
                return GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture);
            case "id":
                return Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            default:
                throw new ArgumentException($"\"{words[1]}\" is no command.");
        }
    }

    /// <summary>Puts a kilobyte at a time over a hundred keys, as fast as it goes, until so many puts in a row have
    /// been refused; tells how many were taken.</summary>
    private async ValueTask<string> FloodAsync(int refusals)
    {
        long taken = 0;
        for (int refused = 0, i = 0; refused < refusals; i++)
        {
            try
            {
                await engine.PutAsync(($"flood-{i % 100}", new byte[1_024]));
                taken++;
                refused = 0;
            }
            catch (SuperCacheException)
            {
                refused++;
            }
        }

        return taken.ToString(CultureInfo.InvariantCulture);
    }

    private static StringBuilder Append(StringBuilder text, ITuple record) =>
        text.Append(CultureInfo.InvariantCulture, $"{record[0]}={record[1]},");

    /// <summary>nodes led notServing missing lag canServe.</summary>
    private string Health()
    {
        if (engine.LookAtCluster() is not { } seen)
        {
            return "0 0 0 0 0 False";
        }

        ClusterHealth node = seen.Node;
        bool canServe = node is { IsMember: true, HasLease: true, HearsItself: true };
        return string.Join(
            ' ', node.Nodes, node.Led, node.NotServing, node.MissingReplicas, node.Lag, canServe, node, seen.Link);
    }
}
