using Microsoft.Extensions.Options;
using SuperCache.Replication;

namespace SuperCache.DependencyInjection;

/// <summary>One registered cache, kept among the services so that later calls for its name, and the validator, find
/// it.</summary>
/// <param name="name">The cache's name.</param>
internal sealed class CacheRegistration(string name)
{
    public string Name => name;

    /// <summary>The name of its options; that of the default cache is the default name, so that
    /// <c>Configure&lt;SuperCacheOptions&gt;</c> reaches it.</summary>
    public string OptionsName => name == SuperCacheEngine.DefaultName ? Options.DefaultName : name;

    /// <summary>Makes the cache's place in a cluster; null while nothing has brought a backplane. Set while services
    /// are registered, used when the cache is made.</summary>
    public Func<IServiceProvider, ClusterBinding>? Cluster { get; set; }

    /// <summary>Whether something has brought a backplane.</summary>
    public bool HasBackplane => Cluster is not null;
}
