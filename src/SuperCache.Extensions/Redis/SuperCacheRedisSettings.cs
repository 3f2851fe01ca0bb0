namespace SuperCache.Redis;

/// <summary>The part of <see cref="SuperCacheRedisOptions"/> that a configuration can hold, under the same names; what
/// it does not hold is left as it is.</summary>
internal sealed class SuperCacheRedisSettings
{
    public string? Configuration { get; set; }

    public string? ClusterName { get; set; }

    public string? NodeLabel { get; set; }

    public string? KeyPrefix { get; set; }

    public TimeSpan? Lease { get; set; }

    public TimeSpan? RequestTimeout { get; set; }

    public TimeSpan? JoinTimeout { get; set; }

    public TimeSpan? LeaveTimeout { get; set; }

    public long? MaxPendingBytes { get; set; }

    public void ApplyTo(SuperCacheRedisOptions options)
    {
        options.Configuration = Configuration ?? options.Configuration;
        options.ClusterName = ClusterName ?? options.ClusterName;
        options.NodeLabel = NodeLabel ?? options.NodeLabel;
        options.KeyPrefix = KeyPrefix ?? options.KeyPrefix;
        options.Lease = Lease ?? options.Lease;
        options.RequestTimeout = RequestTimeout ?? options.RequestTimeout;
        options.JoinTimeout = JoinTimeout ?? options.JoinTimeout;
        options.LeaveTimeout = LeaveTimeout ?? options.LeaveTimeout;
        options.MaxPendingBytes = MaxPendingBytes ?? options.MaxPendingBytes;
    }
}
