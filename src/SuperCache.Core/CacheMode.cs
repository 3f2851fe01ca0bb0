namespace SuperCache;

/// <summary>Whether a cache is one node or part of a cluster.</summary>
public enum CacheMode
{
    /// <summary>One node; needs nothing but the package. The default.</summary>
    Local = 0,

    /// <summary>Several nodes that share one cache over a backplane.</summary>
    Distributed = 1,
}
