using System.Collections.Concurrent;
using SuperCache.Replication;
using Xunit;

namespace SuperCache.Cluster.Tests.Redis;

/// <summary>Keeps what a link brings, and tells who waits.</summary>
internal sealed class RecordingInbox : IClusterInbox
{
    private readonly SemaphoreSlim _arrived = new(0);

    public ConcurrentQueue<byte[]> Frames { get; } = new();

    public ConcurrentDictionary<long, StoreReply> Replies { get; } = new();

    /// <summary>Runs before a frame is kept.</summary>
    public Action<int>? OnArrival { get; set; }

    public void OnFrame(ReadOnlySpan<byte> frame, long backlog)
    {
        OnArrival?.Invoke(frame.Length);
        Frames.Enqueue(frame.ToArray());
        _arrived.Release();
    }

    public void OnStoreReply(long callId, StoreReply reply)
    {
        Replies[callId] = reply;
        _arrived.Release();
    }

    /// <summary>Waits until something holds; looks again whenever something arrives.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            try
            {
                await _arrived.WaitAsync(TimeSpan.FromMilliseconds(100), patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited in vain until {what}.");
            }
        }
    }
}
