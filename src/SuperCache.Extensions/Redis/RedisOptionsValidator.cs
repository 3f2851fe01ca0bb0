using Microsoft.Extensions.Options;
using StackExchange.Redis;
using SuperCache.Cluster;

namespace SuperCache.Redis;

/// <summary>Refuses options that cannot lead to a cluster, all broken rules at once.</summary>
internal sealed class RedisOptionsValidator : IValidateOptions<SuperCacheRedisOptions>
{
    private const int LongestName = 64;
    private const long Mebibyte = 1 << 20;

    /// <summary>What is larger than all that may wait would never leave.</summary>
    private const long LeastPending = ClusterLimits.LargestMessage;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SuperCacheRedisOptions options)
    {
        string[] broken = [.. Broken(options)];
        string cache = string.IsNullOrEmpty(name) ? SuperCacheEngine.DefaultName : name;
        return broken.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(broken.Select(message => $"Cache \"{cache}\": {message}"));
    }

    /// <summary>Whether a text can stand in keys, channels and access rules as it is.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= LongestName
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static IEnumerable<string> Broken(SuperCacheRedisOptions options)
    {
        int places = (options.Configuration is null ? 0 : 1)
            + (options.ConfigurationOptions is null ? 0 : 1)
            + (options.ConnectionMultiplexerFactory is null ? 0 : 1);
        if (places != 1)
        {
            yield return $"SuperCacheRedisOptions says {places} times where Redis is; exactly one of "
                + $"{nameof(options.Configuration)}, {nameof(options.ConfigurationOptions)} and "
                + $"{nameof(options.ConnectionMultiplexerFactory)} must be set.";
        }
        else if (options.Configuration is { } text && string.IsNullOrWhiteSpace(text))
        {
            yield return Message(nameof(options.Configuration), "empty", "host:port, possibly followed by options");
        }

        else if (options.Configuration is { } configuration && BrokenPart(configuration) is { } part)
        {
            yield return $"SuperCacheRedisOptions.{nameof(options.Configuration)} cannot be read: its part {part}, "
                + "counted by commas, is no endpoint and no option of StackExchange.Redis. The text is not shown here, "
                + "since it may hold a password.";
        }

        const string names = "1 to 64 letters, digits, '.', '_' or '-'";
        if (options.ClusterName is { } cluster && !IsName(cluster))
        {
            yield return Message(nameof(options.ClusterName), $"\"{cluster}\"", names + ", or not set");
        }

        if (!IsName(options.KeyPrefix))
        {
            yield return Message(nameof(options.KeyPrefix), $"\"{options.KeyPrefix}\"", names);
        }

        if (options.NodeLabel is { Length: > LongestName } label)
        {
            yield return Message(nameof(options.NodeLabel), $"{label.Length} characters long", "64 at most");
        }

        foreach (string message in BrokenNumbers(options))
        {
            yield return message;
        }
    }

    /// <summary>The first part that the library cannot read, from 1; null when it can read all.</summary>
    private static int? BrokenPart(string configuration)
    {
        string[] parts = configuration.Split(',');
        int broken = Array.FindIndex(parts, part => !CanBeRead(part)) + 1;
        return broken > 0 ? broken : CanBeRead(configuration) ? null : parts.Length;
    }

    private static bool CanBeRead(string configuration)
    {
        try
        {
            ConfigurationOptions.Parse(configuration);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static IEnumerable<string> BrokenNumbers(SuperCacheRedisOptions options)
    {
        (string Option, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] times =
        [
            (nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)),
            (
                nameof(options.RequestTimeout),
                options.RequestTimeout,
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromSeconds(60)),
            (nameof(options.JoinTimeout), options.JoinTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            (nameof(options.LeaveTimeout), options.LeaveTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        ];
        foreach ((string option, TimeSpan value, TimeSpan least, TimeSpan most) in times)
        {
            if (value < least || value > most)
            {
                yield return Message(option, value, $"between {least} and {most}");
            }
        }

        if (options.MaxPendingBytes is < LeastPending or > 1024 * Mebibyte)
        {
            yield return Message(
                nameof(options.MaxPendingBytes),
                options.MaxPendingBytes,
                $"between {LeastPending} and {1024 * Mebibyte}");
        }
    }

    private static string Message(string option, object value, string allowed) =>
        FormattableString.Invariant($"SuperCacheRedisOptions.{option} is {value}; it must be {allowed}.");
}
