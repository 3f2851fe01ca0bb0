using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SuperCache.TestKit.Redis;

/// <summary>A redis-server of its own: a free port, a temporary folder, killed by its process id.</summary>
/// <remarks>It may be killed and started again on the same port, with or without what it had written.</remarks>
public sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("supercache-redis-").FullName;
    private readonly bool _isPersistent;
    private readonly string[] _settings;
    private Process? _process;

    private RedisProcess(bool isPersistent, string[] settings) =>
        (_isPersistent, _settings, Port) = (isPersistent, settings, FreePort.Next());

    /// <summary>Where it listens, on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>Where it listens.</summary>
    public string EndPoint => $"127.0.0.1:{Port}";

    /// <summary>The path of the redis-server that PATH names; null when there is none.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "redis-server"))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="isPersistent">Whether every write is on disk before it is answered.</param>
    /// <param name="settings">More words of its command line.</param>
    public static async Task<RedisProcess> StartAsync(bool isPersistent = false, params string[] settings)
    {
        var server = new RedisProcess(isPersistent, settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Kills it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it again on its port, with what it had written, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        string program = Program ?? throw new InvalidOperationException("There is no redis-server in PATH.");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--dir", _folder, "--save", "", "--appendonly", _isPersistent ? "yes" : "no", "--appendfsync", "always",
            .. _settings,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilItAnswersAsync(_process);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilItAnswersAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(patience.Token))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"redis-server on port {Port} ended with {process.ExitCode}.");
            }

            await Task.Delay(10, patience.Token);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            byte[] answer = new byte[5];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
