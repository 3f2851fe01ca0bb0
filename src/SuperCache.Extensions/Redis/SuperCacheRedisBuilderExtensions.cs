using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SuperCache;
using SuperCache.DependencyInjection;
using SuperCache.Redis;
using SuperCache.Replication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes caches distributed over Redis.</summary>
public static class SuperCacheRedisBuilderExtensions
{
    /// <summary>Makes the cache one node of a cluster that meets at a Redis server.</summary>
    /// <param name="builder">The cache.</param>
    /// <param name="configuration">Where Redis is, such as <c>localhost:6379</c>; see
    /// <see cref="SuperCacheRedisOptions.Configuration"/>.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The node joins when the host starts, within <see cref="SuperCacheRedisOptions.JoinTimeout"/>, and hands
    /// its partitions over when it stops. Calls before throw <see cref="CacheNotStartedException"/>.</remarks>
    public static ISuperCacheBuilder WithRedis(this ISuperCacheBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.WithRedis(options => options.Configuration = configuration);
    }

    /// <summary>Makes the cache one node of a cluster that meets at a Redis server, configured from
    /// configuration.</summary>
    /// <param name="builder">The cache.</param>
    /// <param name="configuration">The section that holds the options, each under its own name, except those that are
    /// objects. Read once.</param>
    /// <returns>The builder.</returns>
    public static ISuperCacheBuilder WithRedis(this ISuperCacheBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.WithRedis(options =>
        {
            var settings = new SuperCacheRedisSettings();
            configuration.Bind(settings);
            settings.ApplyTo(options);
        });
    }

    /// <summary>Makes the cache one node of a cluster that meets at a Redis server.</summary>
    /// <param name="builder">The cache.</param>
    /// <param name="configure">Sets the options. Several calls configure the same cache, in their order.</param>
    /// <returns>The builder.</returns>
    /// <remarks>The node joins when the host starts, within <see cref="SuperCacheRedisOptions.JoinTimeout"/>, and hands
    /// its partitions over when it stops. Calls before throw <see cref="CacheNotStartedException"/>.</remarks>
    public static ISuperCacheBuilder WithRedis(
        this ISuperCacheBuilder builder, Action<SuperCacheRedisOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        CacheRegistration registration = ((SuperCacheBuilder)builder).Registration;
        string optionsName = registration.OptionsName;
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SuperCacheRedisOptions>, RedisOptionsValidator>());
        builder.Services.Configure(optionsName, configure);
        if (registration.Cluster is not null)
        {
            return builder;
        }

        registration.Cluster = provider => Bind(
            provider.GetRequiredService<IOptionsMonitor<SuperCacheRedisOptions>>().Get(optionsName),
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        builder.Services.AddOptions<SuperCacheRedisOptions>(optionsName)
            .PostConfigure(options => options.ClusterName ??= registration.Name)
            .ValidateOnStart();
        builder.Services.Configure<SuperCacheOptions>(optionsName, options => options.Mode = CacheMode.Distributed);
        return builder;
    }

    private static ClusterBinding Bind(SuperCacheRedisOptions options, ILoggerFactory loggers) =>
        new(new RedisLink(options, options.ClusterName!, loggers.CreateLogger("SuperCache.Redis")))
        {
            ClusterName = options.ClusterName!,
            Label = options.NodeLabel ?? $"{Environment.MachineName}:{Environment.ProcessId}",
            Timings = ClusterTimingsFor.Options(options),
            JoinPatience = options.JoinTimeout,
            LeavePatience = options.LeaveTimeout,
        };
}
