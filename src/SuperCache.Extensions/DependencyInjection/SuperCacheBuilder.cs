using Microsoft.Extensions.DependencyInjection;

namespace SuperCache.DependencyInjection;

/// <summary>The builder of one registration.</summary>
/// <param name="registration">What the calls for this name have decided so far; shared by all builders of the
/// name.</param>
/// <param name="services">Where it is registered.</param>
internal sealed class SuperCacheBuilder(
    CacheRegistration registration, IServiceCollection services) : ISuperCacheBuilder
{
    public string Name => registration.Name;

    public IServiceCollection Services => services;

    public CacheRegistration Registration => registration;
}
