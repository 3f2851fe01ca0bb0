using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SuperCache;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What a registered cache can be given beyond its options.</summary>
public static class SuperCacheBuilderExtensions
{
    /// <summary>Makes the cache an <see cref="IMemoryCache"/> as well: live objects that stay on their node.</summary>
    /// <param name="builder">The cache.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>For the default cache it replaces the application's <see cref="IMemoryCache"/>, which ASP.NET Core,
    /// EF Core and HybridCache
    /// use too, whether <c>AddMemoryCache</c> is called before or after. For a named cache it is a keyed service.
    /// The entries
    /// share the cache's <see cref="SuperCacheOptions.SizeLimit"/>.</remarks>
    public static ISuperCacheBuilder WithMemoryCache(
        this ISuperCacheBuilder builder, Action<SuperMemoryCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        string optionsName = name == SuperCacheEngine.DefaultName ? Options.Options.DefaultName : name;
        builder.Services.AddOptions<SuperMemoryCacheOptions>(optionsName)
            .Configure(options => configure?.Invoke(options));
        builder.Services.TryAddKeyedSingleton(name, (provider, _) => new SuperMemoryCache(
            provider.GetRequiredKeyedService<SuperCacheEngine>(name),
            provider.GetRequiredService<IOptionsMonitor<SuperMemoryCacheOptions>>().Get(optionsName)));
        builder.Services.TryAddKeyedSingleton<IMemoryCache>(
            name, (provider, _) => provider.GetRequiredKeyedService<SuperMemoryCache>(name));
        if (name == SuperCacheEngine.DefaultName)
        {
            builder.Services.TryAddSingleton(provider => provider.GetRequiredKeyedService<SuperMemoryCache>(name));
            builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryCache>(
                provider => provider.GetRequiredKeyedService<SuperMemoryCache>(name)));
        }

        return builder;
    }
}
