using System.Globalization;
using Garnet;

namespace SuperCache.TestKit.Redis;

/// <summary>Garnet inside the process, on a free port of the loopback interface.</summary>
public sealed class GarnetHost : IDisposable
{
    private readonly GarnetServer _server;

    // It serves its connections on the threads of the pool, which the tests beside it keep busy; a server of its own
    // would have its own.
    static GarnetHost()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 16), ports);
    }

    private GarnetHost(bool isAtomic)
    {
        Port = FreePort.Next();
        string[] transactions = isAtomic ? ["--lua-transaction-mode"] : [];
        _server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--lua", .. transactions,
        ]);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Where it listens.</summary>
    public string EndPoint => $"127.0.0.1:{Port}";

    /// <summary>Starts one.</summary>
    /// <param name="isAtomic">Whether it runs each script as a transaction, which a cluster needs.</param>
    public static GarnetHost Start(bool isAtomic = true)
    {
        var host = new GarnetHost(isAtomic);
        host._server.Start();
        return host;
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();
}
