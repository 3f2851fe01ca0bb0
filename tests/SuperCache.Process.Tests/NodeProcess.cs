using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace SuperCache.Process.Tests;

/// <summary>One node as a process of its own, spoken to over its standard input and output.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly string Program = typeof(NodeProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NodeProgram").Value!;

    private readonly System.Diagnostics.Process _process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<string>> _open = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _last;

    private NodeProcess(string label, System.Diagnostics.Process process)
    {
        (Label, _process) = (label, process);
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => Remember(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The node's name.</summary>
    public string Label { get; }

    /// <summary>Whether it takes commands.</summary>
    public bool IsUp { get; private set; }

    /// <summary>The latest lines of its log.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts a node and waits until it has joined.</summary>
    public static async Task<NodeProcess> StartAsync(string label, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[Program, "--label", label, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_TieredPGO"] = "0";
        var node = new NodeProcess(label, System.Diagnostics.Process.Start(start)!);
        Task ended = node._process.WaitForExitAsync();
        Task first = await Task.WhenAny(node._ready.Task, ended).WaitAsync(TimeSpan.FromSeconds(60));
        if (first == ended)
        {
            throw new InvalidOperationException($"{label} ended with {node._process.ExitCode}:\n{node.Log}");
        }

        node.IsUp = true;
        return node;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="NodeException">The node answered with an error, or is gone.</exception>
    public async Task<string> CallAsync(string command)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        long number = Interlocked.Increment(ref _last);
        _open[number] = answer;
        try
        {
            lock (_gate)
            {
                _process.StandardInput.WriteLine($"{number} {command}");
                _process.StandardInput.Flush();
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            Fail();
        }

        if (!IsUp)
        {
            Fail();
        }

        try
        {
            return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            _open.TryRemove(number, out _);
            throw new NodeException($"Hung at \"{command}\", up: {IsUp}, exited: {_process.HasExited}");
        }
    }

    /// <summary>Puts a value.</summary>
    public Task PutAsync(string key, long value) => CallAsync($"put {key} {value}");

    /// <summary>Gets a value; null when there is none.</summary>
    public async Task<long?> GetAsync(string key, ReadMode mode = ReadMode.Primary)
    {
        string answer = await CallAsync($"get {key} {mode}");
        return answer == "-" ? null : long.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <summary>What the node knows of its cluster.</summary>
    public async Task<NodeHealth> HealthAsync()
    {
        string[] words = (await CallAsync("health")).Split(' ');
        long[] numbers = [.. words.Take(5).Select(w => long.Parse(w, CultureInfo.InvariantCulture))];
        return new NodeHealth(
            (int)numbers[0], (int)numbers[1], (int)numbers[2], (int)numbers[3], numbers[4], bool.Parse(words[5]))
        {
            Details = string.Join(' ', words.Skip(6)),
        };
    }

    /// <summary>Puts a kilobyte at a time until so many puts in a row are refused; tells how many were taken.</summary>
    public async Task<long> FloodAsync(int refusals) =>
        long.Parse(await CallAsync($"flood {refusals}"), CultureInfo.InvariantCulture);

    /// <summary>Bytes of the node's heap after a full collection.</summary>
    public async Task<long> HeapAsync() => long.Parse(await CallAsync("heap"), CultureInfo.InvariantCulture);

    /// <summary>All records that the node holds.</summary>
    public async Task<Dictionary<string, long>> DumpAsync() => (await CallAsync("dump"))
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));

    /// <summary>Ends it at once (kill -9).</summary>
    public async Task KillAsync()
    {
        IsUp = false;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        Fail();
    }

    /// <summary>Stops it in order and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        lock (_gate)
        {
            _process.StandardInput.WriteLine("stop");
            _process.StandardInput.Flush();
        }

        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        IsUp = false;
        Fail();
    }

    /// <summary>Freezes it, as a long pause of the process or its machine would.</summary>
    public void Freeze() => Signals.Freeze(_process.Id);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Thaw(_process.Id);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        string[] words = line.Split(' ', 3);
        if (line == "ready")
        {
            _ready.TrySetResult();
        }
        else if (words.Length == 3 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long number)
            && _open.TryRemove(number, out TaskCompletionSource<string>? answer))
        {
            if (words[1] == "ok")
            {
                answer.TrySetResult(words[2]);
            }
            else
            {
                answer.TrySetException(new NodeException(words[2]));
            }
        }
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
            while (_log.Count > 300 && _log.TryDequeue(out _))
            {
            }
        }
    }

    private void Fail()
    {
        foreach (long number in _open.Keys)
        {
            if (_open.TryRemove(number, out TaskCompletionSource<string>? answer))
            {
                answer.TrySetException(new NodeException("Gone"));
            }
        }
    }
}
