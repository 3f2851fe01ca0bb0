using Microsoft.Extensions.Configuration;
using SuperCache;
using SuperCache.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers caches.</summary>
/// <remarks>
/// <para>A call registers, for its cache: <see cref="ISuperCache"/>, <c>IDistributedCache</c> and
/// <c>IBufferDistributedCache</c>, and <see cref="SuperCacheService"/>, the hosted service. Those of a named cache are
/// keyed services under its name. Calls for one name configure the same cache, in their order.</para>
/// <para>The default cache is the application's <c>IDistributedCache</c> whether <c>AddDistributedMemoryCache</c> is
/// called before, after or not at all. A provider that is added afterwards and unconditionally, such as
/// <c>AddStackExchangeRedisCache</c>, replaces it.</para>
/// </remarks>
public static class SuperCacheServiceCollectionExtensions
{
    /// <summary>Adds the default cache: local, embedded, no server needed.</summary>
    /// <param name="services">Where to add it.</param>
    /// <returns>A builder for what the cache needs beyond its options.</returns>
    public static ISuperCacheBuilder AddSuperCache(this IServiceCollection services) =>
        CacheServices.Add(services, SuperCacheEngine.DefaultName);

    /// <summary>Adds the default cache and configures it in code.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configure">Sets the options. Run once, when the cache is first used or the host starts.</param>
    /// <returns>A builder for what the cache needs beyond its options.</returns>
    public static ISuperCacheBuilder AddSuperCache(
        this IServiceCollection services, Action<SuperCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure(CacheServices.Add(services, SuperCacheEngine.DefaultName), configure);
    }

    /// <summary>Adds the default cache and configures it from configuration.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">The section that holds the options, each under its own name. Read once; later
    /// changes have no effect.</param>
    /// <returns>A builder for what the cache needs beyond its options.</returns>
    public static ISuperCacheBuilder AddSuperCache(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSuperCache(SuperCacheEngine.DefaultName, configuration);

    /// <summary>Adds a named cache, resolved with <c>[FromKeyedServices(name)]</c>.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="name">Its name, not empty; case matters. <see cref="SuperCacheEngine.DefaultName"/> is the default
    /// cache.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>A builder for what the cache needs beyond its options.</returns>
    public static ISuperCacheBuilder AddSuperCache(
        this IServiceCollection services, string name, Action<SuperCacheOptions>? configure = null) =>
        Configure(CacheServices.Add(services, name), configure);

    /// <summary>Adds a named cache and configures it from configuration.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="name">Its name, not empty; case matters. <see cref="SuperCacheEngine.DefaultName"/> is the default
    /// cache.</param>
    /// <param name="configuration">The section that holds the options, each under its own name. Read once; later
    /// changes have no effect.</param>
    /// <returns>A builder for what the cache needs beyond its options.</returns>
    public static ISuperCacheBuilder AddSuperCache(
        this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Configure(CacheServices.Add(services, name), options =>
        {
            var settings = new SuperCacheSettings();
            configuration.Bind(settings);
            settings.ApplyTo(options);
        });
    }

    private static SuperCacheBuilder Configure(SuperCacheBuilder builder, Action<SuperCacheOptions>? configure)
    {
        if (configure is not null)
        {
            builder.Services.Configure(builder.Registration.OptionsName, configure);
        }

        return builder;
    }
}
