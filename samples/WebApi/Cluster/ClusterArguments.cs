namespace WebApi.Cluster;

/// <summary>What the command line says about a cluster: <c>--nodes 3</c> starts that many instances here,
/// <c>--redis host:port</c> names the Redis server where they meet.</summary>
/// <param name="Nodes">How many instances run in this process, 1 to 9.</param>
/// <param name="Redis">The server; null for one inside this process.</param>
/// <param name="FirstPort">The first instance's port; the others follow.</param>
public sealed record ClusterArguments(int Nodes, string? Redis, int FirstPort)
{
    /// <summary>Whether there is a cluster at all.</summary>
    public bool IsCluster => Nodes > 1 || Redis is not null;

    /// <summary>Where the instances answer.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. Enumerable.Range(FirstPort, Nodes).Select(port => $"http://localhost:{port}")];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static ClusterArguments From(string[] args)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        int nodes = configuration.GetValue("nodes", 1);
        int port = configuration.GetValue("port", 5080);
        return nodes is >= 1 and <= 9
            ? new ClusterArguments(nodes, configuration["redis"], port)
            : throw new ArgumentException($"--nodes is {nodes}; it must be between 1 and 9.", nameof(args));
    }
}
