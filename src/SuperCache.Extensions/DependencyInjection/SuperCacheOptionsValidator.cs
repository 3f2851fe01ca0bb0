using Microsoft.Extensions.Options;

namespace SuperCache.DependencyInjection;

/// <summary>Refuses options that cannot start a cache, all broken rules at once.</summary>
/// <param name="registrations">The registered caches.</param>
internal sealed class SuperCacheOptionsValidator(IEnumerable<CacheRegistration> registrations)
    : IValidateOptions<SuperCacheOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SuperCacheOptions options)
    {
        CacheRegistration? registration =
            registrations.FirstOrDefault(r => r.OptionsName == (name ?? Options.DefaultName));
        List<string> broken = [.. SuperCacheOptionsRules.Broken(options)];
        if (options.Mode == CacheMode.Distributed && registration is not { HasBackplane: true })
        {
            broken.Add(
                $"SuperCacheOptions.{nameof(options.Mode)} is {options.Mode}, but the cache has no backplane; " +
                $"add one to the builder that AddSuperCache returns, or leave the mode {CacheMode.Local}.");
        }

        return broken.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(broken.Select(message => $"Cache \"{NameOf(name)}\": {message}"));
    }

    private static string NameOf(string? optionsName) =>
        string.IsNullOrEmpty(optionsName) ? SuperCacheEngine.DefaultName : optionsName;
}
