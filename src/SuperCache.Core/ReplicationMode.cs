namespace SuperCache;

/// <summary>What an acknowledged write has reached. Without effect in local mode.</summary>
public enum ReplicationMode
{
    /// <summary>The primary; replicas follow. The default.</summary>
    Async = 0,

    /// <summary>A majority of the copies.</summary>
    Sync = 1,

    /// <summary>A majority of the copies, before anybody can read it.</summary>
    Strong = 2,
}
