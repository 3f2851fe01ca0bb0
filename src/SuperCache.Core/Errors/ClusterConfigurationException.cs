namespace SuperCache;

/// <summary>This node's configuration differs from its cluster's. The running cluster is untouched.</summary>
public sealed class ClusterConfigurationException : SuperCacheException
{
    internal ClusterConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
