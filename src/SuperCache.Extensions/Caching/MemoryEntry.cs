using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using SuperCache.Diagnostics;
using SuperCache.Storage;

namespace SuperCache.Caching;

/// <summary>An entry of <see cref="SuperMemoryCache"/>: under construction until it is disposed, stored from then on
/// until it leaves.</summary>
/// <remarks>
/// <list type="number">
/// <item>C1: the entry is stored by the first <see cref="Dispose"/> and only if a value was set.</item>
/// <item>C2: it leaves once; then its token registrations end and its callbacks run once, in order, on a thread of
/// the pool.</item>
/// </list>
/// </remarks>
internal sealed class MemoryEntry : ICacheEntry, IRemovalListener, IThreadPoolWorkItem
{
    /// <summary>The entry that is being made around what the current code does, where links are tracked.</summary>
    private static readonly AsyncLocal<MemoryEntry?> Current = new();

    private readonly SuperMemoryCache _cache;
    private readonly MemoryEntry? _outer;
    private readonly Lock _gate = new();
    private List<IChangeToken>? _tokens;

    /// <summary>The tokens when the entry was committed; those that come later have no effect.</summary>
    private IChangeToken[] _watched = [];
    private List<PostEvictionCallbackRegistration>? _callbacks;
    private List<IDisposable>? _registrations;
    private EntryNode? _node;
    private EvictionReason _reason;
    private bool _hasValue;
    private bool _isCommitted;
    private bool _hasLeft;
    private volatile bool _isExpiredByToken;

    public MemoryEntry(SuperMemoryCache cache, object key)
    {
        _cache = cache;
        Key = key;
        if (cache.TracksLinks)
        {
            _outer = Current.Value;
            Current.Value = this;
        }
    }

    public object Key { get; }

    public object? Value
    {
        get;
        set
        {
            field = value;
            _hasValue = true;
        }
    }

    public DateTimeOffset? AbsoluteExpiration { get; set; }

    public TimeSpan? AbsoluteExpirationRelativeToNow
    {
        get;
        set => field = Positive(value, nameof(AbsoluteExpirationRelativeToNow));
    }

    public TimeSpan? SlidingExpiration
    {
        get;
        set => field = Positive(value, nameof(SlidingExpiration));
    }

    public IList<IChangeToken> ExpirationTokens => _tokens ??= [];

    public IList<PostEvictionCallbackRegistration> PostEvictionCallbacks => _callbacks ??= [];

    public CacheItemPriority Priority { get; set; } = CacheItemPriority.Normal;

    public long? Size
    {
        get;
        set => field = value is null or >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Size is {value}; it must be 0 or more.");
    }

    /// <summary>How often the entry was read lately.</summary>
    public int Reads => _node?.Hits ?? 0;

    /// <summary>Commits the entry.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isCommitted)
            {
                return;
            }

            _isCommitted = true;
            _watched = [.. _tokens ?? []];
        }

        if (_cache.TracksLinks)
        {
            Current.Value = _outer;
        }

        if (!_hasValue || _cache.IsGone)
        {
            return;
        }

        if (_cache.NeedsSize && Size is null)
        {
            throw new InvalidOperationException(
                "The entry has no size; with RequireSize and a SizeLimit every entry must set Size.");
        }

        Commit();
        if (_cache.TracksLinks && _outer is not null)
        {
            LinkTo(_outer);
        }
    }

    /// <summary>Whether a token has ended the entry; removes it then.</summary>
    public bool ExpiresByToken()
    {
        if (_watched.Length == 0 || !(_isExpiredByToken || HasFiredToken()))
        {
            return false;
        }

        ExpireByToken();
        return true;
    }

    /// <summary>Hands tokens and absolute expiration to the entry that is being made around the current code.</summary>
    public void LinkToCurrent()
    {
        if (Current.Value is { } current)
        {
            LinkTo(current);
        }
    }

    /// <summary>Takes the entry out of the cache, if it is in it.</summary>
    public void Leave(RemovalReason reason)
    {
        if (_node is { } node)
        {
            _cache.Remove(node, reason);
        }
    }

    void IRemovalListener.OnRemoved(RemovalReason reason) => HasLeft(reason switch
    {
        _ when _isExpiredByToken => EvictionReason.TokenExpired,
        RemovalReason.Deleted => EvictionReason.Removed,
        RemovalReason.Replaced => EvictionReason.Replaced,
        RemovalReason.Expired => EvictionReason.Expired,
        _ => EvictionReason.Capacity,
    });

    void IThreadPoolWorkItem.Execute()
    {
        foreach (PostEvictionCallbackRegistration registration in _callbacks!)
        {
            try
            {
                registration.EvictionCallback?.Invoke(Key, Value, _reason, registration.State);
            }
#pragma warning disable CA1031 // A callback's error must not keep the next one from being called.
            catch (Exception error)
#pragma warning restore CA1031
            {
                ExtensionsLog.EvictionCallbackFailed(_cache.Logger, error.GetType().Name);
            }
        }
    }

    private void Commit()
    {
        DateTimeOffset now = _cache.Clock.GetUtcNow();
        DateTimeOffset? absolute = AbsoluteExpiration;
        if (AbsoluteExpirationRelativeToNow is { } relative)
        {
            // Overflows, as MemoryCache does, when the sum is beyond what a date can say.
            DateTimeOffset end = now + relative;
            absolute = end < absolute || absolute is null ? end : absolute;
        }

        AbsoluteExpiration = absolute;
        bool hasFired = HasFiredToken();
        if (hasFired || absolute <= now)
        {
            _cache.RemovePrior(Key);
            HasLeft(hasFired ? EvictionReason.TokenExpired : EvictionReason.Expired);
            return;
        }

        var options = new CacheEntryOptions
        {
            AbsoluteExpiration = absolute,
            SlidingExpiration = SlidingExpiration,
            Size = Size,
            Priority = Priority switch
            {
                CacheItemPriority.Low => CacheEntryPriority.Low,
                CacheItemPriority.Normal => CacheEntryPriority.Normal,
                CacheItemPriority.High => CacheEntryPriority.High,
                CacheItemPriority.NeverRemove => CacheEntryPriority.NeverEvict,
                _ => throw new NotSupportedException($"The priority {Priority} is not supported."),
            },
        };
        Store(options);
    }

    private void Store(CacheEntryOptions options)
    {
        try
        {
            _node = _cache.Store(this, options);
        }
        catch (ArgumentOutOfRangeException) when (Size is not null || HasEnded(options))
        {
            // Its life has ended since it was looked at, or it is heavier than the whole limit. MemoryCache stores
            // neither, and the entry that would be replaced goes too.
            _cache.RemovePrior(Key);
            HasLeft(HasEnded(options) ? EvictionReason.Expired : EvictionReason.Capacity);
            return;
        }

        if (_node is not null && _watched.Length > 0)
        {
            RegisterTokens();
        }
    }

    private bool HasEnded(CacheEntryOptions options) => options.AbsoluteExpiration <= _cache.Clock.GetUtcNow();

    private void RegisterTokens()
    {
        foreach (IChangeToken token in _watched)
        {
            if (!token.ActiveChangeCallbacks)
            {
                continue;
            }

            IDisposable registration = token.RegisterChangeCallback(
                static entry => ThreadPool.UnsafeQueueUserWorkItem(static e =>
                    e.ExpireByToken(), (MemoryEntry)entry!, false), this);
            lock (_gate)
            {
                if (!_hasLeft)
                {
                    (_registrations ??= []).Add(registration);
                    continue;
                }
            }

            registration.Dispose();
        }
    }

    private void ExpireByToken()
    {
        _isExpiredByToken = true;
        Leave(RemovalReason.Deleted);
    }

    private bool HasFiredToken()
    {
        foreach (IChangeToken token in _watched)
        {
            if (token.HasChanged)
            {
                return true;
            }
        }

        return false;
    }

    private void HasLeft(EvictionReason reason)
    {
        List<IDisposable>? registrations;
        lock (_gate)
        {
            if (_hasLeft)
            {
                return;
            }

            _hasLeft = true;
            _reason = reason;
            registrations = _registrations;
            _registrations = null;
        }

        if (registrations is not null)
        {
            // Not here: ending a registration may wait for a callback that waits for the gate that is held now.
            ThreadPool.UnsafeQueueUserWorkItem(static all =>
                all.ForEach(r => r.Dispose()), registrations, preferLocal: false);
        }

        if (_callbacks is { Count: > 0 })
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void LinkTo(MemoryEntry outer)
    {
        if (ReferenceEquals(outer, this))
        {
            return;
        }

        lock (outer._gate)
        {
            if (outer._isCommitted)
            {
                // Work that the making of the outer entry has left behind.
                return;
            }

            foreach (IChangeToken token in _watched)
            {
                outer.ExpirationTokens.Add(token);
            }

            if (AbsoluteExpiration is { } end && (outer.AbsoluteExpiration is null || end < outer.AbsoluteExpiration))
            {
                outer.AbsoluteExpiration = end;
            }
        }
    }

    private static TimeSpan? Positive(TimeSpan? value, string name) => value is null || value > TimeSpan.Zero
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be positive.");
}
