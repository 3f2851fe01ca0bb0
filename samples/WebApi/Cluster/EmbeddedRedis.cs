using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;

namespace WebApi.Cluster;

/// <summary>Garnet, Microsoft's Redis server, inside this process: a cluster to look at without an
/// installation.</summary>
public sealed class EmbeddedRedis : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedRedis(int port)
    {
        EndPoint = $"127.0.0.1:{port}";

        // A cluster changes its map by scripts, each of which must run as a transaction.
        _server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "1m",
        ]);
    }

    /// <summary>Where it listens: the loopback interface only.</summary>
    public string EndPoint { get; }

    /// <summary>Starts one on a port that nobody uses.</summary>
    public static EmbeddedRedis Start()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        socket.Close();
        var redis = new EmbeddedRedis(port);
        redis._server.Start();
        return redis;
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();
}
