namespace SuperCache;

/// <summary>What a <see cref="SuperCacheOptions"/> must hold to start a cache; used by the engine and by the options
/// validator.</summary>
internal static class SuperCacheOptionsRules
{
    /// <summary>The rules that are broken, each naming the option, its value and what is allowed. Empty when all
    /// hold.</summary>
    public static IEnumerable<string> Broken(SuperCacheOptions options)
    {
        if (options.KeyPosition < 0)
        {
            yield return Message(nameof(options.KeyPosition), options.KeyPosition, "0 or more");
        }

        if (options.PartitionPosition < 0)
        {
            yield return Message(nameof(options.PartitionPosition), options.PartitionPosition, "0 or more");
        }

        if (options.PartitionCount is < 1 or > SuperCacheOptions.MaxPartitionCount)
        {
            yield return Message(
                nameof(options.PartitionCount),
                    options.PartitionCount, $"between 1 and {SuperCacheOptions.MaxPartitionCount}");
        }

        if (options.ReplicationFactor < 1)
        {
            yield return Message(
                nameof(options.ReplicationFactor), options.ReplicationFactor, "1 or more, or ReplicationFactor.All");
        }

        if (options.SizeLimit is < 1 or > SuperCacheOptions.MaxSizeLimit)
        {
            yield return Message(
                nameof(options.SizeLimit),
                options.SizeLimit,
                $"between 1 and {SuperCacheOptions.MaxSizeLimit}, or not set");
        }

        if (options.DefaultEntryOptions?.Size > options.SizeLimit)
        {
            yield return Message(
                $"{nameof(options.DefaultEntryOptions)}.{nameof(CacheEntryOptions.Size)}",
                options.DefaultEntryOptions.Size,
                $"at most the {nameof(options.SizeLimit)}, {options.SizeLimit}");
        }

        if (options.LazyPutCapacity is < 1 or > 1_048_576)
        {
            yield return Message(nameof(options.LazyPutCapacity), options.LazyPutCapacity, "between 1 and 1048576");
        }

        foreach (string message in UndefinedValues(options))
        {
            yield return message;
        }
    }

    private static IEnumerable<string> UndefinedValues(SuperCacheOptions options)
    {
        if (!Enum.IsDefined(options.TableKind))
        {
            yield return Message(nameof(options.TableKind), options.TableKind, Names<TableKind>());
        }

        if (!Enum.IsDefined(options.Mode))
        {
            yield return Message(nameof(options.Mode), options.Mode, Names<CacheMode>());
        }

        if (!Enum.IsDefined(options.ReplicationMode))
        {
            yield return Message(nameof(options.ReplicationMode), options.ReplicationMode, Names<ReplicationMode>());
        }

        if (!Enum.IsDefined(options.DefaultReadMode))
        {
            yield return Message(nameof(options.DefaultReadMode), options.DefaultReadMode, Names<ReadMode>());
        }
    }

    private static string Names<TEnum>()
        where TEnum : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<TEnum>());

    private static string Message(string option, object? value, string allowed) =>
        $"SuperCacheOptions.{option} is {value}; it must be {allowed}.";
}
