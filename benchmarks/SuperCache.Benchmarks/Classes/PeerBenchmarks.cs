using BenchmarkDotNet.Attributes;

namespace SuperCache.Benchmarks.Classes;

/// <summary>Every peer does the same to the same keys in the same order, in one run.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
[MemoryDiagnoser]
public abstract class PeerBenchmarks<TKey>
    where TKey : notnull
{
    private const int Operations = 100_000;

    private TKey[] _keys = [];
    private TKey[] _absent = [];
    private TKey[][] _order = [];
    private IPeer<TKey> _peer = null!;

    [Params(
        "SuperCache",
        "ConcurrentDictionary",
        "MemoryCache",
        "ConcurrentLru",
        "ConcurrentTLfu",
        "MemoryDistributedCache",
        "FusionCache")]
    public string Peer { get; set; } = "SuperCache";

    [Params(100_000, 2_000_000)]
    public int Entries { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>A key equal to the others made from the same number; another instance, where it is an object.</summary>
    protected abstract TKey KeyOf(int number);

    [GlobalSetup]
    public void Setup()
    {
        _keys = [.. Enumerable.Range(0, Entries).Select(KeyOf)];
        _absent = [.. Enumerable.Range(Entries, Operations).Select(KeyOf)];
        _order = [.. Enumerable.Range(0, Threads).Select(OrderOf)];
        _peer = Peers.Create<TKey>(Peer, Entries * 2);
        Array.ForEach(_keys, key => _peer.Put(key, 1));
    }

    private TKey[] OrderOf(int thread) => Array.ConvertAll(Zipf.Draw(Entries, Operations, thread), KeyOf);

    [GlobalCleanup]
    public void Cleanup() => _peer.Dispose();

    [Benchmark(OperationsPerInvoke = Operations)]
    public long GetHit() => Run(order => _peer.GetAll(order));

    [Benchmark(OperationsPerInvoke = Operations)]
    public long GetMiss() => Run(_ => _peer.GetAll(_absent));

    [Benchmark(OperationsPerInvoke = Operations)]
    public long PutReplace() => Run(order =>
    {
        foreach (TKey key in order)
        {
            _peer.Put(key, 1);
        }

        return order.Length;
    });

    [Benchmark(OperationsPerInvoke = Operations)]
    public long Mix() => Run(order =>
    {
        long sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (i % 10 == 0)
            {
                _peer.Put(order[i], 1);
            }
            else
            {
                sum += _peer.Get(order[i]);
            }
        }

        return sum;
    });

    /// <summary>Into a new and empty peer, whose creation is part of it for all alike.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long PutNew()
    {
        using IPeer<TKey> empty = Peers.Create<TKey>(Peer, Operations * 2);
        foreach (TKey key in _absent)
        {
            empty.Put(key, 1);
        }

        return Operations;
    }

    private long Run(Func<TKey[], long> turn)
    {
        if (Threads == 1)
        {
            return turn(_order[0]);
        }

        // Each thread does all of it: the time of an operation is that of one thread.
        long sum = 0;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
            Interlocked.Add(ref sum, turn(_order[thread])));
        return sum;
    }
}

/// <summary>With string keys.</summary>
public class StringKeys : PeerBenchmarks<string>
{
    protected override string KeyOf(int number) => $"user:{number:D7}";
}

/// <summary>With int keys far apart.</summary>
public class IntKeys : PeerBenchmarks<int>
{
    protected override int KeyOf(int number) => (int)((uint)number * 2_654_435_761u);
}

/// <summary>With ints that follow each other, as those that a database gives out.</summary>
public class ConsecutiveKeys : PeerBenchmarks<int>
{
    protected override int KeyOf(int number) => number;
}
