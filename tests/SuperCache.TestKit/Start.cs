namespace SuperCache.Tests;

/// <summary>Starts a cache for a test.</summary>
public static class Start
{
    public static async Task<SuperCacheEngine> Cache(
        TableKind kind = TableKind.Set, int partitions = 3, TimeProvider? clock = null, Action<SuperCacheOptions>? configure = null)
    {
        var options = new SuperCacheOptions { TableKind = kind, PartitionCount = partitions, TimeProvider = clock };
        configure?.Invoke(options);
        return await SuperCacheEngine.StartAsync(options);
    }
}
