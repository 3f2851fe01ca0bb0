using Microsoft.Extensions.DependencyInjection;

namespace SuperCache;

/// <summary>Configures one registered cache further; returned by <c>AddSuperCache</c>.</summary>
public interface ISuperCacheBuilder
{
    /// <summary>The cache's name; <see cref="SuperCacheEngine.DefaultName"/> for the default cache.</summary>
    string Name { get; }

    /// <summary>The services that the cache was registered in.</summary>
    IServiceCollection Services { get; }
}
