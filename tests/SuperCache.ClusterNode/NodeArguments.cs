using System.Globalization;

namespace SuperCache.ClusterNode;

/// <summary>What a node is told on its command line: <c>--name value</c>, each optional but <c>--redis</c>.</summary>
/// <param name="args">The command line.</param>
internal sealed class NodeArguments(string[] args)
{
    public string Redis => Text("redis") ?? throw new ArgumentException("--redis host:port is missing.");

    public string Cluster => Text("cluster") ?? "test";

    public string Label => Text("label") ?? "node";

    public ReplicationMode Mode => Enum.Parse<ReplicationMode>(Text("mode") ?? "Sync");

    public int Copies => Number("copies", 2);

    public int Partitions => Number("partitions", 8);

    public TimeSpan Lease => TimeSpan.FromMilliseconds(Number("lease", 1_500));

    public TimeSpan RequestTimeout => TimeSpan.FromMilliseconds(Number("timeout", 2_000));

    private string? Text(string name)
    {
        int at = Array.IndexOf(args, "--" + name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    private int Number(string name, int absent) =>
        Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : absent;
}
