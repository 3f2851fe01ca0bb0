using Microsoft.Extensions.Time.Testing;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication;

namespace SuperCache.TestKit.Clusters;

/// <summary>Several real engines of one process, as one cluster.</summary>
internal sealed class EngineCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);
    private readonly Action<SuperCacheOptions> _configure;
    private readonly FakeTimeProvider? _fake;

    private EngineCluster(Action<SuperCacheOptions> configure, FakeTimeProvider? fake)
    {
        _configure = configure;
        _fake = fake;
        Hub = new MemoryHub((TimeProvider?)fake ?? TimeProvider.System);
    }

    /// <summary>Short, so that a cluster is whole soon; the lease is as long as in earnest.</summary>
    public static ClusterTimings Timings { get; } = new()
    {
        Renew = 500,
        Poll = 100,
        Heartbeat = 100,
        Ping = 100,
        RebalanceRest = 300,
        Hygiene = 500,
    };

    public MemoryHub Hub { get; }

    /// <summary>What nodes have logged that must not happen; a test that causes some takes them.</summary>
    public ClusterFaults Faults { get; } = new();

    public ClusterLimits Limits { get; set; } = new();

    public List<SuperCacheEngine> Engines { get; } = [];

    public List<MemoryLink> Links { get; } = [];

    public SuperCacheEngine this[int index] => Engines[index];

    private int PartitionCount => Engines[0].Partitions.Count;

    /// <summary>Starts nodes and waits until every partition has all its copies.</summary>
    public static async Task<EngineCluster> StartAsync(
        int nodes,
        Action<SuperCacheOptions>? configure = null,
        FakeTimeProvider? clock = null,
        ClusterLimits? limits = null)
    {
        var cluster = new EngineCluster(configure ?? (_ => { }), clock) { Limits = limits ?? new() };
        for (int i = 0; i < nodes; i++)
        {
            await cluster.AddAsync();
        }

        await cluster.WhenWholeAsync();
        return cluster;
    }

    public SuperCacheOptions CreateOptions()
    {
        var options = new SuperCacheOptions
        {
            Mode = CacheMode.Distributed,
            PartitionCount = 8,
            TimeProvider = _fake,
        };
        _configure(options);
        return options;
    }

    /// <summary>Starts one more node.</summary>
    public async Task<SuperCacheEngine> AddAsync()
    {
        MemoryLink link = Hub.Connect();
        var binding = new ClusterBinding(link)
        {
            ClusterName = "test",
            Label = "node-" + Engines.Count,
            Timings = Timings,
            Limits = Limits,
        };
        var engine = new SuperCacheEngine(CreateOptions(), "test", Faults, binding);
        Links.Add(link);
        Engines.Add(engine);
        await DriveAsync(engine.JoinAsync().AsTask());
        return engine;
    }

    /// <summary>Ends a node without a word, as a crash does.</summary>
    public async Task CrashAsync(SuperCacheEngine engine)
    {
        int index = Engines.IndexOf(engine);
        Links[index].IsCut = true;
        engine.Dispose();
        await engine.DisposeAsync();
        Engines.RemoveAt(index);
        Links.RemoveAt(index);
    }

    /// <summary>Stops a node as its host does.</summary>
    public async Task StopAsync(SuperCacheEngine engine)
    {
        await DriveAsync(engine.LeaveAsync().AsTask());
        await engine.DisposeAsync();
        int index = Engines.IndexOf(engine);
        Engines.RemoveAt(index);
        Links.RemoveAt(index);
    }

    /// <summary>Completes when every partition is served and has all its copies where they belong.</summary>
    public async Task WhenWholeAsync()
    {
        int nodes = Engines.Count;
        foreach (SuperCacheEngine engine in Engines.ToList())
        {
            await ReachAsync(engine, node => IsWhole(node, nodes));
        }
    }

    /// <summary>Completes when all copies of every partition hold the same.</summary>
    public async Task WhenEqualAsync()
    {
        for (int i = 0; i < PartitionCount; i++)
        {
            int p = i;
            Stamp last = PrimaryOf(p).Seat!.Driver.Look(node => node.Replicas[p].Copy!.Last);
            foreach (SuperCacheEngine engine in HoldersOf(p))
            {
                await ReachAsync(engine, node => node.Replicas[p].Copy is { } copy && copy.Applied >= last);
            }
        }
    }

    /// <summary>Completes when a node has come into some state.</summary>
    public async Task ReachAsync(SuperCacheEngine engine, Func<ClusterNode, bool> condition)
    {
        bool isReached = await DriveAsync(engine.Seat!.Driver.ReachAsync(condition, Patience, default).AsTask());
        if (!isReached)
        {
            throw new TimeoutException("A node did not come into the awaited state.");
        }
    }

    /// <summary>The content hashes of a partition's copies.</summary>
    public ulong[] HashesOf(int partition) =>
        [.. HoldersOf(partition).Select(e => LookAt(e, n => n.Replicas[partition].Copy!.State.ContentHash()))];

    public SuperCacheEngine PrimaryOf(int partition) =>
        Engines.Single(e => e.Seat!.Driver.Look(n => n.IsServing(new PartitionId(partition))));

    /// <summary>A node that has a copy and is not the primary.</summary>
    public SuperCacheEngine ReplicaOf(int partition) =>
        HoldersOf(partition).First(e => e != PrimaryOf(partition));

    /// <summary>A node without a copy.</summary>
    public SuperCacheEngine OutsiderOf(int partition) => Engines.First(e => !HoldersOf(partition).Contains(e));

    public List<SuperCacheEngine> HoldersOf(int partition) =>
        [.. Engines.Where(e => LookAt(e, n => n.Membership.Map!.Placements[partition].Voters.Contains(n.Id)))];

    public static T LookAt<T>(SuperCacheEngine engine, Func<ClusterNode, T> question) =>
        engine.Seat!.Driver.Look(question);

    /// <summary>Waits for a task; with a fake clock, lets time pass meanwhile.</summary>
    /// <remarks>What has come back is told on the pool, where no hub sees it: a moment is left for it before each step,
    /// so that on a busy machine fake time does not run away from the task by seconds.</remarks>
    public async Task DriveAsync(Task task)
    {
        if (_fake is null)
        {
            await task.WaitAsync(Patience);
            return;
        }

        for (int step = 0; !task.IsCompleted; step++)
        {
            if (step > 20_000)
            {
                throw new TimeoutException("It did not come to pass within the fake time.");
            }

            await Hub.WhenQuietAsync();
            await Task.WhenAny(task, Task.Delay(Moment));
            if (!task.IsCompleted)
            {
                await RunAsync(TimeSpan.FromMilliseconds(10));
            }
        }

        await task;
    }

    public async Task<T> DriveAsync<T>(Task<T> task)
    {
        await DriveAsync((Task)task);
        return await task;
    }

    /// <summary>Lets fake time pass, in steps of a tick.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        for (TimeSpan done = TimeSpan.Zero; done < time; done += TimeSpan.FromMilliseconds(10))
        {
            await Hub.WhenQuietAsync();
            _fake!.Advance(TimeSpan.FromMilliseconds(10));
        }

        await Hub.WhenQuietAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SuperCacheEngine engine in Engines)
        {
            engine.Dispose();
            await engine.DisposeAsync();
        }

        Faults.ThrowIfAny();
    }

    private static bool IsWhole(ClusterNode node, int nodes)
    {
        PartitionMap map = node.Membership.Map!;
        if (map.View.Members.Length != nodes)
        {
            return false;
        }

        for (int p = 0; p < map.Placements.Length; p++)
        {
            PartitionPlacement placement = map.Placements[p];
            var target = node.TargetOf(new PartitionId(p));
            bool isHere = placement.IsActivated
                && placement.Voters.Length == target.Length
                && target.All(placement.Voters.Contains)
                && placement.Primary == target[0];
            bool isServed = placement.Primary != node.Id || node.IsServing(new PartitionId(p));
            bool isHeld = !placement.Voters.Contains(node.Id) || node.Replicas[p].Copy is not null;
            if (!isHere || !isServed || !isHeld)
            {
                return false;
            }
        }

        return true;
    }
}
