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
            _partitions[i] = new Partition(CreateTable);
        }

        var shape = new RecordShape(options.KeyPosition, options.PartitionPosition, hasher, hasher);
        _records = new CacheTable(
            TableId.Records, shape, _partitions, new EntryTerms(_clock, options.DefaultEntryOptions), _tally);
        _bytes = new CacheTable(
            TableId.Bytes, new RecordShape(0, 0, hasher, hasher), _partitions, new EntryTerms(_clock, null), new ReadTally());
        Partitions = new PartitionSet(_records);
        IsStarted = true;
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
    public ISafeSuperCache Safe => throw new NotImplementedException();

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
        IsStarted = false;
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

    private static SuperCacheOptions Validate(SuperCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] broken = [.. SuperCacheOptionsRules.Broken(options)];
        return broken.Length == 0 ? options : throw new ArgumentException(string.Join(" ", broken), nameof(options));
    }

    private SetTable CreateTable(TableId id) => id switch
    {
        TableId.Records => new SetTable(_options.KeyPosition, _clock),
        TableId.Bytes => new SetTable(0, _clock),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "No such table."),
    };
}
