namespace SuperCache.DependencyInjection;

/// <summary>The part of <see cref="SuperCacheOptions"/> that a configuration can hold, under the same names; what it
/// does not hold is left as it is.</summary>
/// <remarks>A class of its own because the options also carry objects, such as the clock, which the binding generator
/// must not try to make. A test compares the two.</remarks>
internal sealed class SuperCacheSettings
{
    public int? KeyPosition { get; set; }

    public int? PartitionPosition { get; set; }

    public int? PartitionCount { get; set; }

    public TableKind? TableKind { get; set; }

    public CacheMode? Mode { get; set; }

    public int? ReplicationFactor { get; set; }

    public ReplicationMode? ReplicationMode { get; set; }

    public ReadMode? DefaultReadMode { get; set; }

    public long? SizeLimit { get; set; }

    public CacheEntryOptions? DefaultEntryOptions { get; set; }

    public int? LazyPutCapacity { get; set; }

    public void ApplyTo(SuperCacheOptions options)
    {
        options.KeyPosition = KeyPosition ?? options.KeyPosition;
        options.PartitionPosition = PartitionPosition ?? options.PartitionPosition;
        options.PartitionCount = PartitionCount ?? options.PartitionCount;
        options.TableKind = TableKind ?? options.TableKind;
        options.Mode = Mode ?? options.Mode;
        options.ReplicationFactor = ReplicationFactor ?? options.ReplicationFactor;
        options.ReplicationMode = ReplicationMode ?? options.ReplicationMode;
        options.DefaultReadMode = DefaultReadMode ?? options.DefaultReadMode;
        options.SizeLimit = SizeLimit ?? options.SizeLimit;
        options.DefaultEntryOptions = DefaultEntryOptions ?? options.DefaultEntryOptions;
        options.LazyPutCapacity = LazyPutCapacity ?? options.LazyPutCapacity;
    }
}
