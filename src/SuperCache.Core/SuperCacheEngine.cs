using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SuperCache.Diagnostics;
using SuperCache.Partitions;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>A node's share of one cache, and the door to it. Local until it is given a backplane.</summary>
/// <remarks>In an application, register it with <c>AddSuperCache</c>; without a host, use <see cref="StartAsync"/> and dispose it.</remarks>
public sealed partial class SuperCacheEngine : ISuperCache, IAsyncDisposable, IDisposable
{
    /// <summary>The name of a cache that was given none.</summary>
    public const string DefaultName = "Default";

    private readonly Partition[] _partitions;
    private readonly CacheTable _records;
    private readonly CacheTable _bytes;
    private readonly ReadTally _tally = new();
    private readonly SuperCacheOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;

    internal SuperCacheEngine(SuperCacheOptions options, string name = DefaultName, ILoggerFactory? loggers = null)
    {
        _options = Validate(options);
        Name = name;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<SuperCacheEngine>();
        _clock = options.TimeProvider ?? TimeProvider.System;
        var hasher = new KeyHasher(BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        _partitions = new Partition[options.PartitionCount ?? Environment.ProcessorCount];
        for (int i = 0; i < _partitions.Length; i++)
        {
            int partition = i;
            _partitions[i] = new Partition(id => CreateTable(id, partition));
        }

        bool isOrdered = options.TableKind == TableKind.OrderedSet;
        var shape = new RecordShape(options.KeyPosition, options.PartitionPosition, hasher, hasher, isOrdered);
        _records = new CacheTable(
            TableId.Records, shape, _partitions, new EntryTerms(_clock, options.DefaultEntryOptions), _tally, options);
        _bytes = new CacheTable(
            TableId.Bytes, new RecordShape(0, 0, hasher, hasher), _partitions, new EntryTerms(_clock, null), new ReadTally(), options);
        Partitions = new PartitionSet(_records);
        Safe = new SafeSuperCache(this, _logger);
        IsStarted = true;
        Log.CacheStarted(_logger, name, _partitions.Length, options.TableKind);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public bool IsDistributed => _options.Mode == CacheMode.Distributed;

    /// <inheritdoc/>
    public IPartitionSet Partitions { get; }

    /// <inheritdoc/>
    public ISafeSuperCache Safe { get; }

    /// <summary>The table of <c>IDistributedCache</c>.</summary>
    internal CacheTable Bytes => _bytes;

    /// <summary>Starts a cache without a host.</summary>
    /// <param name="options">How to configure it; read once. Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The running cache; dispose it to give its memory back.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and what is allowed.</exception>
    public static ValueTask<SuperCacheEngine> StartAsync(SuperCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new SuperCacheEngine(options ?? new SuperCacheOptions()));
    }

    /// <summary>Starts a cache without a host, and reports what prevents it instead of throwing.</summary>
    /// <param name="options">How to configure it; read once. Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The running cache, or the error.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The error is the result.")]
    public static async ValueTask<CacheResult<SuperCacheEngine>> TryStartAsync(
        SuperCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return CacheResult<SuperCacheEngine>.Success(await StartAsync(options, cancellationToken));
        }
        catch (Exception error)
        {
            return CacheResult<SuperCacheEngine>.Failure(error);
        }
    }

    /// <summary>Stops the cache and gives its memory back. Every later call throws <see cref="ObjectDisposedException"/>.</summary>
    /// <returns>Completes when it has stopped.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Stops the cache and gives its memory back, for owners that can only dispose synchronously, such as a container.
    /// Every later call throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!IsStarted)
        {
            return;
        }

        IsStarted = false;
        Log.CacheStopped(_logger, Name);
        _records.Close();
        _bytes.Close();
        _tally.Close();
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
        var partitions = new PartitionStatistics[_partitions.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            partitions[i] = new PartitionStatistics(i, _records.CountOf(i));
        }

        return new CacheStatistics
        {
            Partitions = partitions,
            TotalCount = partitions.Sum(p => p.Count),
            Hits = hits,
            Misses = misses,
            Puts = _partitions.Sum(p => p.Puts),
            Deletes = _partitions.Sum(p => p.Deletes),
            Evictions = 0,
            Expirations = 0,
            EstimatedSize = partitions.Sum(p => p.Count),
        };
    }

    /// <inheritdoc/>
    public ValueTask<ClusterStatistics> GetClusterStatisticsAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CacheStatistics own = GetStatistics();
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

    private Table CreateTable(TableId id, int partition) => id switch
    {
        TableId.Records => _options.TableKind switch
        {
            TableKind.Set => new SetTable(_options.KeyPosition, _clock, index => _records.SetLane(partition, index)),
            TableKind.OrderedSet => new OrderedTable(_options.KeyPosition, _clock),
            TableKind.Bag => new BagTable(_options.KeyPosition, _clock, allowsDuplicates: false),
            _ => new BagTable(_options.KeyPosition, _clock, allowsDuplicates: true),
        },
        _ => new SetTable(0, _clock, index => _bytes.SetLane(partition, index)),
    };
}
