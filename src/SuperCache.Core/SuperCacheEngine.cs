using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Replication;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache;

/// <summary>A node's share of one cache, and the door to it. Local until it is given a backplane.</summary>
/// <remarks>In an application, register it with <c>AddSuperCache</c>; without a host, use <see cref="StartAsync"/>
/// and dispose it.</remarks>
public sealed partial class SuperCacheEngine : ISuperCache, IAsyncDisposable, IDisposable
{
    /// <summary>The name of a cache that was given none.</summary>
    public const string DefaultName = "Default";

    private readonly Partition[] _partitions;
    private readonly CacheTable _records;
    private readonly DirectAccess _direct;
    private readonly CacheTable _bytes;
    private readonly CacheTable _live;
    private readonly ReadTally _liveTally = new();
    private readonly ReadTally _tally = new();
    private readonly SuperCacheOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly SizeBudget? _budget;
    private readonly ExpirationTimer _timer;
    private readonly RemovalNotifier _notifier;
    private readonly ClusterSeat? _seat;
    private bool _isDisposed;

    /// <summary>Creates an engine. A local one works at once, one with a cluster from the end of
    /// <see cref="JoinAsync"/> on.</summary>
    /// <param name="options">Read now.</param>
    /// <param name="name">The cache's name.</param>
    /// <param name="loggers">Where it logs; null for nowhere.</param>
    /// <param name="cluster">Given exactly where <see cref="SuperCacheOptions.Mode"/> is
    /// <see cref="CacheMode.Distributed"/>.</param>
    internal SuperCacheEngine(
        SuperCacheOptions options,
        string name = DefaultName,
        ILoggerFactory? loggers = null,
        ClusterBinding? cluster = null)
    {
        _options = options = Validate(options).Copy();
        Name = name;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<SuperCacheEngine>();
        _clock = options.TimeProvider ?? TimeProvider.System;
        _budget = options.SizeLimit is { } limit ? new SizeBudget(limit) : null;
        _timer = new ExpirationTimer(_clock);
        _notifier = new RemovalNotifier(this, _logger);
        bool isLocal = options.Mode == CacheMode.Local;
        if (isLocal != (cluster is null))
        {
            throw new ArgumentException(
                $"SuperCacheOptions.Mode is {options.Mode}; "
                + (isLocal
                    ? "a cache with a backplane must be Distributed."
                    : "without a backplane it must be Local. AddSuperCache(…).WithRedis(…) gives it one."),
                nameof(options));
        }

        // In a cluster these hold what never leaves the node.
        int partitionCount = options.PartitionCount ?? Environment.ProcessorCount;
        _partitions = new Partition[isLocal ? partitionCount : Environment.ProcessorCount];
        for (int i = 0; i < _partitions.Length; i++)
        {
            int partition = i;
            var keeper = new NodeKeeper(_clock, _budget, () => _timer.Start(_partitions));
            _partitions[i] = new Partition((id, ofPartition) =>
                CreateTable(id, partition, ofPartition), keeper, _notifier);
        }

        var types = new CodecTable(options.WireTypes);
        var ownHasher = new KeyHasher(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))));
        KeyHasher hasher = isLocal ? ownHasher : new KeyHasher(new StableHash(types));
        bool isOrdered = options.TableKind == TableKind.OrderedSet;
        RecordShape[] shapes =
        [
            new RecordShape(options.KeyPosition, options.PartitionPosition, hasher, hasher, isOrdered),
            new RecordShape(0, 0, hasher, hasher),
        ];
        if (cluster is not null)
        {
            // The limit holds for what this node leads; what never leaves it is bounded by a budget of its own.
            SizeBudget? led = options.SizeLimit is { } most ? new SizeBudget(most) : null;
            var states = new EnginePartitionStates(
                types, shapes, options.TableKind, CreateTable, led, _notifier, _clock, _logger);
            _seat = new ClusterSeat(options, name, cluster, states, SetLane, _clock, _logger);
        }

        _records = OpenTable(TableId.Records, shapes[0], options.DefaultEntryOptions, _tally);
        _direct = _records.Direct;
        _bytes = OpenTable(TableId.Bytes, shapes[1], null, new ReadTally());
        _live = OpenTable(TableId.Live, new RecordShape(0, 0, ownHasher, ownHasher), null, _liveTally);
        Partitions = new PartitionSet(_records);
        Safe = new SafeSuperCache(this, _logger);
        Log.CacheStarted(_logger, name, _records.PartitionCount, options.TableKind);
    }

    /// <inheritdoc/>
    public event EventHandler<EntryRemovedEventArgs>? EntryRemoved
    {
        add => _notifier.EntryRemoved += value;
        remove => _notifier.EntryRemoved -= value;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsStarted => !_isDisposed && _seat is null or { IsTaken: true };

    /// <inheritdoc/>
    public bool IsDistributed => _seat is not null;

    /// <inheritdoc/>
    public IPartitionSet Partitions { get; }

    /// <inheritdoc/>
    public ISafeSuperCache Safe { get; }

    /// <summary>Whether the cache has ended; one that has not started yet has not.</summary>
    internal bool HasStopped => _isDisposed || _seat is { IsGivenUp: true };

    /// <summary>Records put into all tables, also after the cache has stopped; for tests.</summary>
    internal long PutsOfAllPartitions => _partitions.Sum(p => p.Puts);

    /// <summary>The table of <c>IDistributedCache</c>.</summary>
    internal CacheTable Bytes => _bytes;

    /// <summary>The table of <c>IMemoryCache</c>.</summary>
    internal CacheTable Live => _live;

    /// <summary>The reads of <see cref="Live"/>.</summary>
    internal ReadTally LiveTally => _liveTally;

    /// <summary>The engine's place in its cluster; null in local mode.</summary>
    internal ClusterSeat? Seat => _seat;

    internal SuperCacheOptions Options => _options;

    internal TimeProvider Clock => _clock;

    internal ILogger Logger => _logger;

    /// <summary>Starts a cache without a host.</summary>
    /// <param name="options">How to configure it; read once. Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The running cache; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and what is
    /// allowed.</exception>
    public static ValueTask<SuperCacheEngine> StartAsync(
        SuperCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new SuperCacheEngine(options ?? new SuperCacheOptions()));
    }

    /// <summary>Starts a cache without a host, and reports what prevents it instead of throwing.</summary>
    /// <param name="options">How to configure it; read once. Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The running cache, or the error.</returns>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "The error is the result.")]
    public static async ValueTask<CacheResult<SuperCacheEngine>> TryStartAsync(
        SuperCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return CacheResult<SuperCacheEngine>.Success(
                await StartAsync(options, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            return CacheResult<SuperCacheEngine>.Failure(error);
        }
    }

    /// <summary>Creates an engine that is a node of a cluster, and joins.</summary>
    /// <exception cref="BackplaneUnavailableException">The cluster could not be reached in time.</exception>
    /// <exception cref="ClusterConfigurationException">The cluster is configured differently.</exception>
    internal static async ValueTask<SuperCacheEngine> StartInClusterAsync(
        SuperCacheOptions options,
        ClusterBinding cluster,
        string name = DefaultName,
        ILoggerFactory? loggers = null,
        CancellationToken cancellationToken = default)
    {
        var engine = new SuperCacheEngine(options, name, loggers, cluster);
        try
        {
            await engine.JoinAsync(cancellationToken).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Joins the cluster, within <see cref="ClusterBinding.JoinPatience"/>; until then calls throw
    /// <see cref="CacheNotStartedException"/>. Nothing in local mode. To be called once.</summary>
    /// <exception cref="BackplaneUnavailableException">The cluster could not be reached in time.</exception>
    /// <exception cref="ClusterConfigurationException">The cluster is configured differently; the message names both
    /// values.</exception>
    internal ValueTask JoinAsync(CancellationToken cancellationToken = default) =>
        _seat?.JoinAsync(cancellationToken) ?? default;

    /// <summary>How the cluster is, as this node sees it; null in local mode and while the node has no seat in its
    /// cluster. Asks nobody.</summary>
    internal (ClusterHealth Node, LinkStatus Link)? LookAtCluster() => _seat is { IsTaken: true } seat
        ? (seat.Driver.Look(static node => node.Health()), seat.Link)
        : null;

    /// <summary>Hands this node's partitions over, within <see cref="ClusterBinding.LeavePatience"/>, and stays a
    /// member: calls are answered until <see cref="LeaveAsync"/>. Nothing in local mode, or before the join. Does not
    /// fail.</summary>
    internal ValueTask HandOverAsync(CancellationToken cancellationToken = default) =>
        _seat?.HandOverAsync(cancellationToken) ?? default;

    /// <summary>Stores what was lazily put, hands this node's partitions over and leaves the cluster, each within
    /// <see cref="ClusterBinding.LeavePatience"/>; afterwards calls throw <see cref="CacheNotStartedException"/>.
    /// Nothing in local mode, or before the join. Does not fail: what was not handed over is taken over when the lease
    /// has ended.</summary>
    internal ValueTask LeaveAsync(CancellationToken cancellationToken = default) =>
        _seat?.LeaveAsync(_records, cancellationToken) ?? default;

    /// <summary>Stops the cache and gives its memory back. Every later call throws
    /// <see cref="ObjectDisposedException"/>.</summary>
    /// <returns>Completes when it has stopped.</returns>
    /// <remarks>A node of a cluster that has not left it does so first, as <see cref="LeaveAsync"/>: a host whose start
    /// fails disposes its services and stops none.</remarks>
    public async ValueTask DisposeAsync()
    {
        _partitions[0].ThrowIfInside();
        await LeaveAsync().ConfigureAwait(false);
        Dispose();
        if (_seat is not null)
        {
            await _seat.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops the cache and gives its memory back, for owners that can only dispose synchronously, such as a
    /// container. A node of a cluster that has not left it leaves as a crash does.
    /// Every later call throws <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">A key that the cache compares disposes it. It goes on.</exception>
    public void Dispose()
    {
        _partitions[0].ThrowIfInside();
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _seat?.Stop();
        Log.CacheStopped(_logger, Name);
        _records.Close();
        _bytes.Close();
        _live.Close();
        _timer.Dispose();
        foreach (Partition partition in _partitions)
        {
            partition.Release();
        }
    }

    /// <inheritdoc/>
    public CacheStatistics GetStatistics()
    {
        _records.ThrowIfClosed();
        (long hits, long misses) = _tally.Total();
        var partitions = new PartitionStatistics[_records.PartitionCount];
        for (int i = 0; i < partitions.Length; i++)
        {
            partitions[i] = new PartitionStatistics(i, _records.CountHere(i));
        }

        return new CacheStatistics
        {
            Partitions = partitions,
            TotalCount = partitions.Sum(p => p.Count),
            Hits = hits,
            Misses = misses,
            Puts = _partitions.Sum(p => p.Puts) + (_seat?.Puts ?? 0),
            Deletes = _partitions.Sum(p => p.Deletes) + (_seat?.Deletes ?? 0),
            Evictions = _partitions.Sum(p => p.Evictions) + (_seat?.States.Evictions ?? 0),
            Expirations = _partitions.Sum(p => p.Expirations) + (_seat?.States.Expirations ?? 0),
            EstimatedSize = _budget is null
                ? partitions.Sum(p => p.Count) : _budget.Total + (_seat?.States.Budget?.Total ?? 0),
            LostRemovalNotices = _notifier.Lost,
        };
    }

    /// <inheritdoc/>
    public ValueTask<ClusterStatistics> GetClusterStatisticsAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CacheStatistics own = GetStatistics();
        if (_seat is not null)
        {
            return _seat.GetStatisticsAsync(cancellationToken);
        }

        return ValueTask.FromResult(new ClusterStatistics
        {
            Nodes =
            [
                new NodeStatistics
                {
                    Node = Name,
                    PrimaryPartitions = own.Partitions.Count,
                    ReplicaPartitions = 0,
                    RecordCount = own.TotalCount,
                    Lag = 0,
                    LastContact = _clock.GetUtcNow(),
                },
            ],
            UnreachableNodes = [],
            PartitionCount = own.Partitions.Count,
            ReplicationFactor = 1,
            ReplicationMode = _options.ReplicationMode,
            TotalRecords = own.TotalCount,
        });
    }

    private static SuperCacheOptions Validate(SuperCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] broken = [.. SuperCacheOptionsRules.Broken(options)];
        return broken.Length == 0 ? options : throw new ArgumentException(string.Join(" ", broken), nameof(options));
    }

    private CacheTable OpenTable(TableId id, RecordShape shape, CacheEntryOptions? defaults, ReadTally tally)
    {
        var terms = new EntryTerms(_clock, defaults, _options.SizeLimit);
        ClusterTable? cluster = _seat is null || id == TableId.Live
            ? null : new ClusterTable(id, _seat, _options, tally);
        return new CacheTable(id, shape, _partitions, _options, terms, _budget, tally, cluster);
    }

    private Table CreateTable(TableId id, int partition, NodeKeeper keeper) =>
        CreateTable(id, keeper, index => SetLane(id, partition, index));

    private void SetLane(TableId id, int partition, RecordIndex? index) => TableOf(id).SetLane(partition, index);

    private CacheTable TableOf(TableId id) => id switch
    {
        TableId.Records => _records,
        TableId.Bytes => _bytes,
        _ => _live,
    };

    private Table CreateTable(TableId id, NodeKeeper keeper, Action<RecordIndex?> lane) => id switch
    {
        TableId.Records => _options.TableKind switch
        {
            TableKind.Set => new SetTable(_options.KeyPosition, _clock, keeper, TableOf(id).HashScale, lane),
            TableKind.OrderedSet => new OrderedTable(_options.KeyPosition, _clock, keeper),
            TableKind kind => new BagTable(
                _options.KeyPosition, _clock, keeper, TableOf(id).HashScale, kind == TableKind.DuplicateBag),
        },
        _ => new SetTable(0, _clock, keeper, TableOf(id).HashScale, lane),
    };
}
