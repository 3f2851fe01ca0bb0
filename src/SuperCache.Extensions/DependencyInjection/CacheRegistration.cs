using Microsoft.Extensions.Options;

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

    /// <summary>Whether something has brought a backplane. Set while services are registered, read when they are
    /// used.</summary>
    public bool HasBackplane { get; set; }
}
