using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SuperCache.Caching;

namespace SuperCache.DependencyInjection;

/// <summary>Puts a cache's services into the container.</summary>
/// <remarks>Every cache is a set of keyed services under its name; the default cache is reachable without a key,
/// too.</remarks>
internal static class CacheServices
{
    /// <summary>Finds the registration of a name or makes it.</summary>
    public static SuperCacheBuilder Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        CacheRegistration? registration = services
            .Where(s => !s.IsKeyedService && s.ServiceType == typeof(CacheRegistration))
            .Select(s => (CacheRegistration)s.ImplementationInstance!)
            .FirstOrDefault(r => r.Name == name);
        if (registration is null)
        {
            registration = new CacheRegistration(name);
            services.AddSingleton(registration);
            AddOptions(services, registration);
            AddKeyed(services, registration);
            services.AddSingleton<IHostedService>(p => p.GetRequiredKeyedService<SuperCacheService>(name));
        }

        if (name == SuperCacheEngine.DefaultName)
        {
            AddUnkeyed(services);
        }

        return new SuperCacheBuilder(registration, services);
    }

    private static void AddOptions(IServiceCollection services, CacheRegistration registration)
    {
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SuperCacheOptions>, SuperCacheOptionsValidator>());
        services.AddOptions<SuperCacheOptions>(registration.OptionsName)
            .PostConfigure<IServiceProvider>(static (options, provider) =>
                options.TimeProvider ??= provider.GetService<TimeProvider>())
            .ValidateOnStart();
    }

    private static void AddKeyed(IServiceCollection services, CacheRegistration registration)
    {
        string name = registration.Name;
        services.AddKeyedSingleton(name, (provider, _) => CreateEngine(provider, registration));
        services.AddKeyedSingleton<ISuperCache>(name, (p, _) => p.GetRequiredKeyedService<SuperCacheEngine>(name));
        services.AddKeyedSingleton(name, (provider, _) => new SuperCacheService(
            () => provider.GetRequiredKeyedService<SuperCacheEngine>(name),
            provider.GetService<ILogger<SuperCacheService>>() ?? NullLogger<SuperCacheService>.Instance));
        services.AddKeyedSingleton<IBufferDistributedCache>(
            name, (p, _) => new RecordDistributedCache(p.GetRequiredKeyedService<SuperCacheEngine>(name)));
        services.AddKeyedSingleton<IDistributedCache>(
            name, (p, _) => p.GetRequiredKeyedService<IBufferDistributedCache>(name));
    }

    private static SuperCacheEngine CreateEngine(IServiceProvider provider, CacheRegistration registration)
    {
        SuperCacheOptions options =
            provider.GetRequiredService<IOptionsMonitor<SuperCacheOptions>>().Get(registration.OptionsName);
        return new SuperCacheEngine(
            options,
            registration.Name,
            provider.GetService<ILoggerFactory>(),
            options.Mode == CacheMode.Distributed ? registration.Cluster?.Invoke(provider) : null);
    }

    /// <summary>Makes the default cache the one that is found without a key.</summary>
    /// <remarks>The distributed cache replaces whatever was added before, and because it is there, what is added later
    /// with <c>TryAdd</c> (<c>AddDistributedMemoryCache</c>) does nothing. What is added later with <c>Add</c>
    /// (<c>AddStackExchangeRedisCache</c>) wins, as it does against every provider.</remarks>
    private static void AddUnkeyed(IServiceCollection services)
    {
        const string name = SuperCacheEngine.DefaultName;
        services.TryAddSingleton(static p => p.GetRequiredKeyedService<SuperCacheEngine>(name));
        services.TryAddSingleton(static p => p.GetRequiredKeyedService<ISuperCache>(name));
        services.TryAddSingleton(static p => p.GetRequiredKeyedService<SuperCacheService>(name));
        services.Replace(ServiceDescriptor.Singleton(static p => p.GetRequiredKeyedService<IDistributedCache>(name)));
        services.Replace(
            ServiceDescriptor.Singleton(static p => p.GetRequiredKeyedService<IBufferDistributedCache>(name)));
    }
}
