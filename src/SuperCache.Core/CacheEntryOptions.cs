using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>When an entry ends and what it weighs. Reusable; a put reads it once and keeps no reference.</summary>
/// <remarks>With several expirations the earliest deadline wins; a sliding one never outlives an absolute one. An entry
/// is gone from the instant of its deadline on.</remarks>
public sealed class CacheEntryOptions
{
    /// <summary>The instant at which the entry ends.</summary>
    /// <value>Any offset; must lie in the future when the record is put. Default: none.</value>
    public DateTimeOffset? AbsoluteExpiration { get; set; }

    /// <summary>How long after the put the entry ends.</summary>
    /// <value>Positive; parts of a second count. Default: none.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? AbsoluteExpirationRelativeToNow
    {
        get;
        set => field = Positive(value);
    }

    /// <summary>How long after its last read (or the put) the entry ends.</summary>
    /// <value>Positive; parts of a second count. Default: none.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? SlidingExpiration
    {
        get;
        set => field = Positive(value);
    }

    /// <summary>What the entry counts against <see cref="SuperCacheOptions.SizeLimit"/>.</summary>
    /// <value>In the limit's units, 0 or more. Default: none, which counts 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? Size
    {
        get;
        set => field = value is >= 0 or null
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, $"Size is {value}; it must be 0 or more.");
    }

    /// <summary>How long the entry is kept when room is needed.</summary>
    /// <value>Default: <see cref="CacheEntryPriority.Normal"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public CacheEntryPriority Priority
    {
        get;
        set => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Priority),
                value,
                $"Priority is {value}; it must be one of {string.Join(", ", Enum.GetNames<CacheEntryPriority>())}.");
    }
    = CacheEntryPriority.Normal;

    internal CacheEntryOptions Copy() => (CacheEntryOptions)MemberwiseClone();

    private static TimeSpan? Positive(TimeSpan? value, [CallerMemberName] string name = "") =>
        value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be positive.");
}
