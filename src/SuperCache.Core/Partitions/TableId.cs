namespace SuperCache.Partitions;

/// <summary>The tables of an engine. Travels between nodes: explicit, append only.</summary>
internal enum TableId
{
    /// <summary>What <see cref="ISuperCache"/> talks to.</summary>
    Records = 0,

    /// <summary>What <c>IDistributedCache</c> talks to: (string key, byte[] value).</summary>
    Bytes = 1,

    /// <summary>What <c>IMemoryCache</c> talks to: (object key, live object). Never leaves its node.</summary>
    Live = 2,
}

/// <summary>Facts about <see cref="TableId"/>.</summary>
internal static class TableIds
{
    public const int Count = 3;
}
