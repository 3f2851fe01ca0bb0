using System.Net;
using System.Net.Sockets;

namespace SuperCache.TestKit.Redis;

/// <summary>Stands between one node and Redis, and can hold back what either says, slow both down, or cut.</summary>
/// <remarks>What is held back is delivered afterwards, as TCP would; what is cut is lost, and the connection with
/// it.</remarks>
public sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private readonly int _target;
    private readonly Task _accepting;
    private TaskCompletionSource _toRedis = Opened();
    private TaskCompletionSource _fromRedis = Opened();
    private volatile bool _refuses;
    private volatile int _delay;

    /// <summary>Begins to listen.</summary>
    /// <param name="target">The port of Redis.</param>
    public RedisProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the node connects to.</summary>
    public string EndPoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>Milliseconds that every piece waits, in both directions.</summary>
    public int Delay
    {
        get => _delay;
        set => _delay = value;
    }

    /// <summary>Holds back what the node says.</summary>
    public void HoldToRedis() =>
        _toRedis = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds back what Redis says.</summary>
    public void HoldFromRedis() =>
        _fromRedis = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Closes all connections; accepts none until <see cref="Heal"/>.</summary>
    public void Cut()
    {
        _refuses = true;
        Break();
    }

    /// <summary>Closes all connections; the node may open new ones at once.</summary>
    public void Break()
    {
        lock (_gate)
        {
            foreach (Socket socket in _open)
            {
                socket.Close(0);
            }

            _open.Clear();
        }
    }

    /// <summary>Ends everything that was done to the connection.</summary>
    public void Heal()
    {
        (_refuses, _delay) = (false, 0);
        _toRedis.TrySetResult();
        _fromRedis.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Heal();
        Break();
        await _accepting;
        _end.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Socket node = await _listener.AcceptSocketAsync(_end.Token);
                _ = ServeAsync(node);
            }
            catch (SocketException)
            {
                // Somebody gave up before it was accepted, or the listener is closed.
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket node)
    {
        var redis = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (_refuses)
            {
                return;
            }

            lock (_gate)
            {
                _open.AddRange([node, redis]);
            }

            (node.NoDelay, redis.NoDelay) = (true, true);
            await redis.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(
                PumpAsync(node, redis, () => _toRedis.Task), PumpAsync(redis, node, () => _fromRedis.Task));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone; so is this one.
        }
        finally
        {
            node.Close(0);
            redis.Close(0);
            lock (_gate)
            {
                _open.Remove(node);
                _open.Remove(redis);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<Task> gate)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, _end.Token);
                if (count == 0)
                {
                    return;
                }

                await gate();
                if (_delay > 0)
                {
                    await Task.Delay(_delay, _end.Token);
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
                }
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended by either side, or cut.
        }
    }
}
