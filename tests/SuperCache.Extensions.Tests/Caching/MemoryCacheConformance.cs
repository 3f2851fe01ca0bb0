using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>What <see cref="IMemoryCache"/> promises; run against Microsoft's implementation and against
/// ours.</summary>
public abstract class MemoryCacheConformance
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected abstract IMemoryCache Create(long? sizeLimit = null, bool tracksLinks = false);

    [Fact]
    public void Compact_TakesExpiredEntriesFirst()
    {
        using IMemoryCache cache = Create();
        for (int i = 0; i < 5; i++)
        {
            cache.Set("short" + i, i, TimeSpan.FromMilliseconds(100));
            cache.Set("long" + i, i);
        }

        Clock.Advance(TimeSpan.FromMilliseconds(110));
        Compact(cache, 0.5);
        Assert.Equal(5, Enumerable.Range(0, 5).Count(i => cache.TryGetValue("long" + i, out _)));
    }

    [Fact]
    public async Task LinkedEntry_IsRead_WhileWorkThatItsMakingLeftBehindReadsOthers()
    {
        using IMemoryCache cache = Create(tracksLinks: true);
        cache.Set("child", 1, new Polled());
        using var isMade = new ManualResetEventSlim();
        Task left = Task.CompletedTask;
        cache.GetOrCreate("parent", entry =>
        {
            entry.AddExpirationToken(new Polled());
            left = Task.Run(() =>
            {
                isMade.Wait();
                for (int i = 0; i < 5_000; i++)
                {
                    cache.TryGetValue("child", out _);
                }
            });
            return 1;
        });
        isMade.Set();
        while (!left.IsCompleted)
        {
            Assert.True(cache.TryGetValue("parent", out _));
        }

        await left;
    }

    [Fact]
    public void Keys_AreComparedByTypeAndValue_AndMayBeEmptyOrTuples()
    {
        using IMemoryCache cache = Create();
        cache.Set(1, "int");
        cache.Set(1L, "long");
        cache.Set("", "empty");
        cache.Set((1, "a"), "tuple");
        Assert.Equal("int", cache.Get(1));
        Assert.Equal("long", cache.Get(1L));
        Assert.Equal("empty", cache.Get(""));
        Assert.Equal("tuple", cache.Get((1, "a")));
        Assert.Null(cache.Get("A"));
    }

    [Fact]
    public void NullKey_IsRefused_ByEveryMember()
    {
        using IMemoryCache cache = Create();
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() =>
            cache.TryGetValue((object)null!, out _)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.CreateEntry(null!)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.Remove(null!)).ParamName);
    }

    [Fact]
    public void NullValue_IsAHit()
    {
        using IMemoryCache cache = Create();
        cache.Set<object?>("k", null);
        Assert.True(cache.TryGetValue("k", out object? value));
        Assert.Null(value);
        Assert.Equal(0, cache.Get<int>("k"));
    }

    [Fact]
    public void WrongType_IsAMissForTryGet_AndAnErrorForGet()
    {
        using IMemoryCache cache = Create();
        cache.Set("k", "text");
        Assert.False(cache.TryGetValue("k", out int _));
        Assert.Throws<InvalidCastException>(() => cache.Get<int>("k"));
        Assert.Throws<InvalidCastException>(() => cache.GetOrCreate("k", _ => 1));
    }

    [Fact]
    public void Value_IsTheSameInstance_ForEveryReader()
    {
        using IMemoryCache cache = Create();
        var value = new List<int>();
        cache.Set("k", value);
        Assert.Same(value, cache.Get("k"));
    }

    [Fact]
    public void Entry_IsVisibleFromDisposeOn_AndOnlyWithAValue()
    {
        using IMemoryCache cache = Create();
        ICacheEntry entry = cache.CreateEntry("k");
        entry.Value = 1;
        Assert.False(cache.TryGetValue("k", out _));
        entry.Dispose();
        entry.Dispose();
        Assert.Equal(1, cache.Get("k"));
        cache.CreateEntry("none").Dispose();
        Assert.False(cache.TryGetValue("none", out _));
    }

    [Fact]
    public void Factory_ThatThrows_CachesNothing()
    {
        using IMemoryCache cache = Create();
        Assert.Throws<InvalidOperationException>(() =>
            cache.GetOrCreate<int>("k", _ => throw new InvalidOperationException()));
        Assert.False(cache.TryGetValue("k", out _));
    }

    [Fact]
    public void Entry_CommittedAfterTheCacheWasDisposed_IsIgnored()
    {
        IMemoryCache cache = Create();
        ICacheEntry entry = cache.CreateEntry("k");
        entry.Value = 1;
        cache.Dispose();
        entry.Dispose();
    }

    [Fact]
    public void NonPositiveSpans_AndNegativeSize_AreRefusedBySetters()
    {
        using IMemoryCache cache = Create();
        ICacheEntry entry = cache.CreateEntry("k");
        Assert.Throws<ArgumentOutOfRangeException>(() => entry.AbsoluteExpirationRelativeToNow = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => entry.SlidingExpiration = TimeSpan.FromTicks(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => entry.Size = -1);
    }

    [Fact]
    public void RelativeExpirationBeyondTheCalendar_IsRefusedAtCommit_SlidingIsNot()
    {
        using IMemoryCache cache = Create();
        ICacheEntry entry = cache.CreateEntry("k");
        entry.Value = 1;
        entry.AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue;
        Assert.Throws<ArgumentOutOfRangeException>(entry.Dispose);
        cache.Set("s", 1, new MemoryCacheEntryOptions { SlidingExpiration = TimeSpan.MaxValue });
        Assert.True(cache.TryGetValue("s", out _));
    }

    [Fact]
    public async Task AbsoluteInThePast_IsNotStored_AndThePriorEntryGoes()
    {
        using IMemoryCache cache = Create();
        var prior = new Evictions();
        var fresh = new Evictions();
        cache.Set("k", 1, prior.Options());
        Assert.Equal(2, cache.Set("k", 2, fresh.Options(o => o.AbsoluteExpiration = Clock.GetUtcNow().AddSeconds(-1))));
        Assert.False(cache.TryGetValue("k", out _));
        Assert.Equal(EvictionReason.Replaced, (await prior.Next).Reason);
        Assert.Equal(EvictionReason.Expired, (await fresh.Next).Reason);
    }

    [Fact]
    public void EarliestEnd_Wins_AndIsInclusive()
    {
        using IMemoryCache cache = Create();
        cache.Set("k", 1, new MemoryCacheEntryOptions
        {
            AbsoluteExpiration = Clock.GetUtcNow().AddSeconds(10),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2),
        });
        Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.True(cache.TryGetValue("k", out _));
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(cache.TryGetValue("k", out _));
    }

    [Fact]
    public void Sliding_StartsAgainWithEachRead_AndIsCappedByAbsolute()
    {
        using IMemoryCache cache = Create();
        cache.Set("k", 1, new MemoryCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(2),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5),
        });
        for (int i = 0; i < 4; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(cache.TryGetValue("k", out _));
        }

        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGetValue("k", out _));
        cache.Set("k", 1, new MemoryCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(2) });
        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(cache.TryGetValue("k", out _));
    }

    [Fact]
    public void RelativeExpiration_IsAnchoredAtCommit()
    {
        using IMemoryCache cache = Create();
        ICacheEntry entry = cache.CreateEntry("k");
        entry.Value = 1;
        entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2);
        Clock.Advance(TimeSpan.FromSeconds(5));
        entry.Dispose();
        Assert.True(cache.TryGetValue("k", out _));
    }

    [Fact]
    public async Task FiredToken_KeepsAnEntryOut()
    {
        using IMemoryCache cache = Create();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options(o => o.AddExpirationToken(new CancellationChangeToken(source.Token))));
        Assert.False(cache.TryGetValue("k", out _));
        Assert.Equal(EvictionReason.TokenExpired, (await evictions.Next).Reason);
    }

    [Fact]
    public async Task ActiveToken_EndsAnEntry_WhenItFires()
    {
        using IMemoryCache cache = Create();
        using var source = new CancellationTokenSource();
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options(o => o.AddExpirationToken(new CancellationChangeToken(source.Token))));
        Assert.True(cache.TryGetValue("k", out _));
        await source.CancelAsync();
        Assert.Equal(EvictionReason.TokenExpired, (await evictions.Next).Reason);
        Assert.False(cache.TryGetValue("k", out _));
    }

    [Fact]
    public async Task PassiveToken_IsAskedOnRead()
    {
        using IMemoryCache cache = Create();
        var token = new PassiveToken();
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options(o => o.AddExpirationToken(token)));
        Assert.True(cache.TryGetValue("k", out _));
        token.HasChanged = true;
        Assert.False(cache.TryGetValue("k", out _));
        Assert.Equal(EvictionReason.TokenExpired, (await evictions.Next).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LinkedEntries_HandOverExpiration_OnlyWhereTracked(bool tracks)
    {
        using IMemoryCache cache = Create(tracksLinks: tracks);
        using (ICacheEntry outer = cache.CreateEntry("outer"))
        {
            cache.Set("inner", 1, Clock.GetUtcNow().AddSeconds(2));
            outer.Value = 1;
        }

        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(!tracks, cache.TryGetValue("outer", out _));
    }

    [Fact]
    public void LinkedEntries_HandOverExpiration_WhenMerelyRead()
    {
        using IMemoryCache cache = Create(tracksLinks: true);
        cache.Set("inner", 1, Clock.GetUtcNow().AddSeconds(2));
        using (ICacheEntry outer = cache.CreateEntry("outer"))
        {
            Assert.Equal(1, cache.Get("inner"));
            outer.Value = 1;
        }

        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False(cache.TryGetValue("outer", out _));
    }

    [Fact]
    public async Task Callbacks_RunOnceEach_InOrder_OffThread_PastOneThatThrows()
    {
        using IMemoryCache cache = Create();
        var order = new List<int>();
        var last = new Evictions();
        int thread = Environment.CurrentManagedThreadId;
        bool isInline = false;
        MemoryCacheEntryOptions options = new();
        options.RegisterPostEvictionCallback((_, _, _, _) =>
        {
            order.Add(1);
            isInline = thread == Environment.CurrentManagedThreadId && !Thread.CurrentThread.IsThreadPoolThread;
            throw new InvalidOperationException();
        });
        options.RegisterPostEvictionCallback((_, _, _, _) => order.Add(2));
        options.RegisterPostEvictionCallback(last.Callback, "state");
        cache.Set("k", "v", options);
        cache.Remove("k");
        (object key, object? value, EvictionReason reason, object? state) = await last.Next;
        Assert.Equal(("k", "v", EvictionReason.Removed, "state"), (key, value, reason, state));
        Assert.Equal([1, 2], order);
        Assert.False(isInline);
    }

    [Fact]
    public async Task Replacement_TellsTheOldEntry()
    {
        using IMemoryCache cache = Create();
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options());
        cache.Set("k", 2);
        Assert.Equal((1, EvictionReason.Replaced), await evictions.NextValueAndReason);
        Assert.Equal(2, cache.Get("k"));
    }

    [Fact]
    public async Task SizeReplacement_AtTheLimit_IsAdmitted()
    {
        using IMemoryCache cache = Create(sizeLimit: 10);
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options(o => o.Size = 10));
        cache.Set("k", 2, new MemoryCacheEntryOptions { Size = 10 });
        Assert.Equal((1, EvictionReason.Replaced), await evictions.NextValueAndReason);
        Assert.Equal(2, cache.Get("k"));
    }

    [Fact]
    public async Task EntryHeavierThanTheLimit_IsNotStored_AndSaysCapacity()
    {
        using IMemoryCache cache = Create(sizeLimit: 10);
        var evictions = new Evictions();
        cache.Set("k", 1, new MemoryCacheEntryOptions { Size = 1 });
        cache.Set("k", 2, evictions.Options(o => o.Size = 11));
        Assert.Equal(EvictionReason.Capacity, (await evictions.Next).Reason);
        Assert.False(cache.TryGetValue("k", out _));
    }

    [Fact]
    public void UnknownPriority_IsNotSupported_WhenItMatters()
    {
        using IMemoryCache cache = Create();
        Assert.Throws<NotSupportedException>(() =>
        {
            cache.Set("k", 1, new MemoryCacheEntryOptions { Priority = (CacheItemPriority)99 });
            Compact(cache, 1);
        });
    }

    [Fact]
    public async Task Compact_TakesLowFirst_AndNeverNeverRemove()
    {
        using IMemoryCache cache = Create();
        var evictions = new Evictions();
        cache.Set("low", 1, evictions.Options(o => o.Priority = CacheItemPriority.Low));
        cache.Set("normal", 1);
        cache.Set("high", 1, new MemoryCacheEntryOptions { Priority = CacheItemPriority.High });
        cache.Set("never", 1, new MemoryCacheEntryOptions { Priority = CacheItemPriority.NeverRemove });
        Compact(cache, 0.25);
        Assert.Equal(EvictionReason.Capacity, (await evictions.Next).Reason);
        Assert.True(cache.TryGetValue("normal", out _));
        Compact(cache, 1);
        Assert.False(cache.TryGetValue("high", out _));
        Assert.True(cache.TryGetValue("never", out _));
    }

    [Fact]
    public void Statistics_CountReads()
    {
        using IMemoryCache cache = Create();
        cache.Set("k", 1);
        cache.TryGetValue("k", out _);
        cache.TryGetValue("none", out _);
        MemoryCacheStatistics statistics = cache.GetCurrentStatistics()!;
        Assert.Equal((1, 1, 1), (statistics.TotalHits, statistics.TotalMisses, statistics.CurrentEntryCount));
        Assert.Null(statistics.CurrentEstimatedSize);
    }

    [Fact]
    public void Statistics_CountAReadThatFindsAnEntryExpiredByItsToken_AsAMiss()
    {
        using IMemoryCache cache = Create();
        const int Keys = 20;
        PassiveToken[] tokens = [.. Enumerable.Range(0, Keys).Select(_ => new PassiveToken())];
        for (int i = 0; i < Keys; i++)
        {
            cache.Set(i, i, tokens[i]);
            Assert.True(cache.TryGetValue(i, out _));
        }

        Array.ForEach(tokens, token => token.HasChanged = true);
        int found = 0;
        Parallel.For(0, 10 * Keys, i =>
        {
            if (cache.TryGetValue(i % Keys, out _))
            {
                Interlocked.Increment(ref found);
            }
        });

        MemoryCacheStatistics statistics = cache.GetCurrentStatistics()!;
        Assert.Equal(0, found);
        Assert.Equal((Keys, 10 * Keys), (statistics.TotalHits, statistics.TotalMisses));
    }

    [Fact]
    public void DisposedCache_RefusesWork_ButNotDisposeAndCompact()
    {
        IMemoryCache cache = Create();
        var evictions = new Evictions();
        cache.Set("k", 1, evictions.Options());
        cache.Dispose();
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cache.TryGetValue("k", out _));
        Assert.Throws<ObjectDisposedException>(() => cache.CreateEntry("k"));
        Assert.Throws<ObjectDisposedException>(() => cache.Remove("k"));
        Compact(cache, 1);
        Assert.False(evictions.Next.IsCompleted);
    }

    protected abstract void Compact(IMemoryCache cache, double percentage);

    /// <summary>Waits for post-eviction callbacks.</summary>
    protected sealed class Evictions
    {
        private readonly TaskCompletionSource<(object, object?, EvictionReason, object?)> _next =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<(object Key, object? Value, EvictionReason Reason, object? State)> Next =>
            _next.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public Task<(object? Value, EvictionReason Reason)> NextValueAndReason =>
            Next.ContinueWith(t => (t.Result.Value, t.Result.Reason), TaskScheduler.Default);

        public void Callback(object key, object? value, EvictionReason reason, object? state) =>
            Assert.True(_next.TrySetResult((key, value, reason, state)), "The callback ran twice.");

        public MemoryCacheEntryOptions Options(Action<MemoryCacheEntryOptions>? configure = null)
        {
            var options = new MemoryCacheEntryOptions();
            configure?.Invoke(options);
            return options.RegisterPostEvictionCallback(Callback);
        }
    }

    private sealed class PassiveToken : IChangeToken
    {
        public bool HasChanged { get; set; }

        public bool ActiveChangeCallbacks => false;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) =>
            throw new NotSupportedException();
    }

    /// <summary>A token that is asked and tells nobody.</summary>
    private sealed class Polled : IChangeToken
    {
        public bool HasChanged => false;

        public bool ActiveChangeCallbacks => false;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) =>
            throw new NotSupportedException();
    }
}
