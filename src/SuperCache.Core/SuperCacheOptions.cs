namespace SuperCache;

/// <summary>Configures one cache. Read once, when the cache starts.</summary>
public sealed class SuperCacheOptions
{
    /// <summary>The most partitions a cache can have.</summary>
    public const int MaxPartitionCount = 16_384;

    /// <summary>The partitions of a cache of <see cref="CacheMode.Distributed"/> that names no number.</summary>
    internal const int DistributedPartitionCount = 64;

    /// <summary>So that no sum of sizes overflows.</summary>
    internal const long MaxSizeLimit = 1L << 56;

    /// <summary>The 0-based element of a record that is its key.</summary>
    /// <value>0 or more. Default: 0. Equal on all nodes of a cluster.</value>
    public int KeyPosition { get; set; }

    /// <summary>The 0-based element of a record that is hashed to choose its partition.</summary>
    /// <value>0 or more. Default: 0. Equal on all nodes of a cluster.</value>
    public int PartitionPosition { get; set; }

    /// <summary>Into how many partitions the records are divided.</summary>
    /// <value>1 to <see cref="MaxPartitionCount"/>. Default: none, which is the number of processors in local mode
    /// and 64
    /// in distributed mode. Equal on all nodes of a cluster.</value>
    public int? PartitionCount { get; set; }

    /// <summary>How many records a key may have.</summary>
    /// <value>Default: <see cref="TableKind.Set"/>. Equal on all nodes of a cluster.</value>
    public TableKind TableKind { get; set; } = TableKind.Set;

    /// <summary>Whether the cache is one node or part of a cluster.</summary>
    /// <value>Default: <see cref="CacheMode.Local"/>. <see cref="CacheMode.Distributed"/> needs a backplane.</value>
    public CacheMode Mode { get; set; } = CacheMode.Local;

    /// <summary>How many copies a partition has, the primary included.</summary>
    /// <value>1 or more, or <see cref="SuperCache.ReplicationFactor.All"/>. Default: 2. Without effect in local
    /// mode.</value>
    public int ReplicationFactor { get; set; } = 2;

    /// <summary>What an acknowledged write has reached.</summary>
    /// <value>Default: <see cref="ReplicationMode.Async"/>. Without effect in local mode.</value>
    public ReplicationMode ReplicationMode { get; set; } = ReplicationMode.Async;

    /// <summary>Which copies answer a read that names no mode.</summary>
    /// <value>Default: <see cref="ReadMode.Local"/>. Without effect in local mode.</value>
    public ReadMode DefaultReadMode { get; set; } = ReadMode.Local;

    /// <summary>The most that all entries of the cache may weigh together; the least useful are evicted to keep to
    /// it.</summary>
    /// <value>Units, 1 to 2^56; an entry counts 1 unless it says otherwise. Default: none, which is no limit.</value>
    public long? SizeLimit { get; set; }

    /// <summary>Applies to records that are put without options of their own.</summary>
    /// <value>Default: none; such records do not expire.</value>
    public CacheEntryOptions? DefaultEntryOptions { get; set; }

    /// <summary>The only clock that the library reads.</summary>
    /// <value>Default: none, which is the container's, else <see cref="System.TimeProvider.System"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>The application's own types that travel to other nodes.</summary>
    /// <value>Default: empty. Without effect in local mode. Equal on all nodes of a cluster.</value>
    public WireTypeRegistry WireTypes { get; } = new();

    /// <summary>How many lazily put records may wait to be stored, for each partition.</summary>
    /// <value>1 to 1,048,576. Default: 4,096. A full buffer makes <c>LazyPut</c> wait
    /// until its records are stored.</value>
    public int LazyPutCapacity { get; set; } = 4_096;

    /// <summary>What a started cache keeps: later changes do not reach it.</summary>
    internal SuperCacheOptions Copy()
    {
        var copy = (SuperCacheOptions)MemberwiseClone();
        copy.DefaultEntryOptions = DefaultEntryOptions?.Copy();
        return copy;
    }
}
