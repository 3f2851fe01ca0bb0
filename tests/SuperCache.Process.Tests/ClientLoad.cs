using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace SuperCache.Process.Tests;

/// <summary>Clients that write and read while things break, everything they saw, and whether it can be true.</summary>
/// <remarks>Two kinds: those that share a few keys, for linearizability, and those with a key and a node of their own,
/// which must see what they wrote.</remarks>
internal sealed class ClientLoad : IAsyncDisposable
{
    private const int SharedKeys = 12;
    private readonly TestCluster _cluster;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Act>> _acts = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _clients = [];
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private long _values;
    private long _acknowledged;

    private ClientLoad(TestCluster cluster) => _cluster = cluster;

    /// <summary>Writes that were acknowledged.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>How many operations failed, by the type of their error.</summary>
    public string Errors => string.Join(", ", _errors.Select(e => $"{e.Key}: {e.Value}"));

    /// <summary>Begins a load.</summary>
    public static ClientLoad Start(TestCluster cluster, int clients = 6)
    {
        var load = new ClientLoad(cluster);
        for (int i = 0; i < clients; i++)
        {
            int number = i;
            load._clients.Add(Task.Run(() => load.ShareAsync(new Random(number))));
            load._clients.Add(Task.Run(() => load.KeepToItselfAsync(number)));
        }

        return load;
    }

    /// <summary>Waits until that many more writes have been acknowledged.</summary>
    public Task ProgressAsync(int writes)
    {
        long goal = Acknowledged + writes;
        return _cluster.UntilAsync(
            $"{writes} more writes are acknowledged ({Errors})", () => Task.FromResult(Acknowledged >= goal));
    }

    /// <summary>Ends the load and checks everything: after quiet, all copies are equal, and what every client saw can
    /// be explained.</summary>
    /// <param name="checkReads">Whether every read must be explained, and not the last ones only.</param>
    public async Task FinishAsync(bool checkReads)
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        await _cluster.UntilQuietAsync();
        await _cluster.UntilCopiesAreEqualAsync();
        foreach ((string key, ConcurrentQueue<Act> acts) in _acts)
        {
            Act[] considered = [.. acts.Where(a => checkReads || a.IsWrite)];
            foreach (NodeProcess node in _cluster.Up())
            {
                long begin = Stopwatch.GetTimestamp();
                long? value = await node.GetAsync(key);
                considered = [.. considered, new Act(begin, Stopwatch.GetTimestamp(), IsWrite: false, value)];
            }

            if (!Linearizability.Holds(considered))
            {
                _wrong.Enqueue($"{key} is not linearizable:\n" + string.Join(
                    '\n', considered.OrderBy(a => a.Begin).TakeLast(60)));
            }
        }

        Assert.True(_wrong.IsEmpty, string.Join('\n', _wrong) + "\n" + Errors);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        _end.Dispose();
    }

    private async Task ShareAsync(Random random)
    {
        while (!_end.IsCancellationRequested)
        {
            // A key grows old and is left alone, so that its history stays short enough to be searched.
            string key = $"s{random.Next(SharedKeys)}-{Acknowledged / 2_000}";
            NodeProcess? node = Any(random);
            if (node is null)
            {
                await Task.Delay(5);
            }
            else if (random.Next(2) == 0)
            {
                await WriteAsync(node, key);
            }
            else
            {
                await ReadAsync(node, key);
            }
        }
    }

    /// <summary>Writes a key of its own at one node and reads it there from the nearest copy; begins a new key when
    /// the outcome of a write is open, and when its node is gone.</summary>
    private async Task KeepToItselfAsync(int number)
    {
        var random = new Random(1_000 + number);
        for (int life = 0; !_end.IsCancellationRequested; life++)
        {
            string key = $"own{number}-{life}";
            NodeProcess? node = Any(random);
            bool goesOn = node is not null;
            if (!goesOn)
            {
                await Task.Delay(5);
            }

            while (goesOn && !_end.IsCancellationRequested)
            {
                goesOn = await WriteAsync(node!, key) is { } written && await SeesAsync(node!, key, written);
            }
        }
    }

    private async Task<bool> SeesAsync(NodeProcess node, string key, long written)
    {
        try
        {
            long? seen = await node.GetAsync(key, ReadMode.Local);
            if (seen != written)
            {
                _wrong.Enqueue($"{node.Label} wrote {written} to {key} and then read {seen}.");
            }

            return seen == written;
        }
        catch (NodeException error)
        {
            Count(error);
            return true;
        }
    }

    private async Task<long?> WriteAsync(NodeProcess node, string key)
    {
        long value = Interlocked.Increment(ref _values);
        long begin = Stopwatch.GetTimestamp();
        try
        {
            await node.PutAsync(key, value);
            Remember(key, new Act(begin, Stopwatch.GetTimestamp(), IsWrite: true, value));
            Interlocked.Increment(ref _acknowledged);
            return value;
        }
        catch (NodeException error)
        {
            Remember(key, new Act(begin, long.MaxValue, IsWrite: true, value));
            Count(error);
            return null;
        }
    }

    private async Task ReadAsync(NodeProcess node, string key)
    {
        long begin = Stopwatch.GetTimestamp();
        try
        {
            long? value = await node.GetAsync(key);
            Remember(key, new Act(begin, Stopwatch.GetTimestamp(), IsWrite: false, value));
        }
        catch (NodeException error)
        {
            Count(error);
        }
    }

    private NodeProcess? Any(Random random)
    {
        NodeProcess[] nodes = _cluster.Up();
        return nodes.Length == 0 ? null : nodes[random.Next(nodes.Length)];
    }

    private void Remember(string key, Act act) => _acts.GetOrAdd(key, _ => new()).Enqueue(act);

    private void Count(NodeException error) => _errors.AddOrUpdate(error.Kind, 1, (_, count) => count + 1);
}
