using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>What every <see cref="IDistributedCache"/> promises, Microsoft's in-memory one included.</summary>
public abstract class DistributedCacheConformance
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    protected DistributedCacheConformance(DoorKind kind)
    {
        Cache = Create(Clock);
        Door = new CacheDoor(Cache, kind);
    }

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected IDistributedCache Cache { get; }

    protected CacheDoor Door { get; }

    [Fact]
    public async Task Get_ReturnsWhatWasSet()
    {
        await Door.SetAsync("k", [1, 2, 3]);

        Assert.Equal([1, 2, 3], await Door.GetAsync("k"));
    }

    [Fact]
    public async Task MissingKey_IsNullAndNoError()
    {
        Assert.Null(await Door.GetAsync("missing"));
        await Door.RefreshAsync("missing");
        await Door.RemoveAsync("missing");
        Assert.Null(await Door.GetAsync("missing"));
    }

    [Fact]
    public async Task EmptyKey_IsAKey()
    {
        await Door.SetAsync("", [7]);

        Assert.Equal([7], await Door.GetAsync(""));
        await Door.RemoveAsync("");
        Assert.Null(await Door.GetAsync(""));
    }

    [Fact]
    public async Task EmptyValue_IsNotAMiss()
    {
        await Door.SetAsync("k", []);

        Assert.Equal(Array.Empty<byte>(), await Door.GetAsync("k"));
    }

    [Fact]
    public async Task Keys_AreOrdinal_AndMayHoldAnything()
    {
        string[] keys =
            ["k", "K", "k ", "\u001ek\u001f", "k\0", "\u00e9", "e\u0301", "\U0001F600", new string('k', 20_000)];
        for (int i = 0; i < keys.Length; i++)
        {
            await Door.SetAsync(keys[i], [(byte)i]);
        }

        for (int i = 0; i < keys.Length; i++)
        {
            Assert.Equal(new[] { (byte)i }, await Door.GetAsync(keys[i]));
        }
    }

    [Fact]
    public async Task Remove_RemovesThatKeyOnly()
    {
        await Door.SetAsync("a", [1]);
        await Door.SetAsync("b", [2]);

        await Door.RemoveAsync("a");

        Assert.Null(await Door.GetAsync("a"));
        Assert.Equal([2], await Door.GetAsync("b"));
    }

    [Fact]
    public async Task Set_ReplacesValueAndExpiration_WhenKeyExists()
    {
        await Door.SetAsync("k", [1], Relative(1));
        await Door.SetAsync("k", [2]);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal([2], await Door.GetAsync("k"));

        await Door.SetAsync("k", [3], Relative(10));
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await Door.GetAsync("k"));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.25)]
    [InlineData(2)]
    [InlineData(86_400)]
    public async Task RelativeExpiration_EndsTheEntry_ExactlyThen(double seconds)
    {
        await Door.SetAsync("k", [1], Relative(seconds));

        Clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
        Assert.NotNull(await Door.GetAsync("k"));
        Clock.Advance(Tick);
        Assert.Null(await Door.GetAsync("k"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task AbsoluteExpiration_EndsTheEntry_AtThatInstantInAnyOffset(int offsetHours)
    {
        DateTimeOffset end = Clock.GetUtcNow().AddSeconds(30).ToOffset(TimeSpan.FromHours(offsetHours));
        await Door.SetAsync("k", [1], new DistributedCacheEntryOptions { AbsoluteExpiration = end });

        Clock.Advance(TimeSpan.FromSeconds(30) - Tick);
        Assert.NotNull(await Door.GetAsync("k"));
        Clock.Advance(Tick);
        Assert.Null(await Door.GetAsync("k"));
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(20, 10)]
    public async Task AbsoluteAndRelative_EndTheEntry_AtTheEarlier(int absolute, int relative)
    {
        await Door.SetAsync("k", [1], new DistributedCacheEntryOptions
        {
            AbsoluteExpiration = Clock.GetUtcNow().AddSeconds(absolute),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(relative),
        });

        Clock.Advance(TimeSpan.FromSeconds(10) - Tick);
        Assert.NotNull(await Door.GetAsync("k"));
        Clock.Advance(Tick);
        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task SlidingExpiration_EndsTheEntry_WhenNobodyReadsIt()
    {
        await Door.SetAsync("k", [1], Sliding(10));

        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task SlidingExpiration_StartsAgain_WhenRead()
    {
        await Door.SetAsync("k", [1], Sliding(10));

        for (int i = 0; i < 5; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(9));
            Assert.NotNull(await Door.GetAsync("k"));
        }

        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task SlidingExpiration_StartsAgain_WhenRefreshed()
    {
        await Door.SetAsync("k", [1], Sliding(10));
        Clock.Advance(TimeSpan.FromSeconds(9));
        await Door.RefreshAsync("k");
        Clock.Advance(TimeSpan.FromSeconds(9));

        Assert.NotNull(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task Refresh_DoesNotReviveAnEntry_ThatHasEnded()
    {
        await Door.SetAsync("k", [1], Sliding(10));
        Clock.Advance(TimeSpan.FromSeconds(10));

        await Door.RefreshAsync("k");

        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task Refresh_DoesNotMoveAnAbsoluteExpiration()
    {
        await Door.SetAsync("k", [1], Relative(10));
        Clock.Advance(TimeSpan.FromSeconds(9));
        await Door.RefreshAsync("k");
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task SlidingExpiration_NeverOutlivesAnAbsoluteOne()
    {
        var options = new DistributedCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(10),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(25),
        };
        await Door.SetAsync("k", [1], options);

        for (int i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(8));
            Assert.NotNull(await Door.GetAsync("k"));
        }

        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task SlidingExpiration_MayBeLongerThanAnAbsoluteOne()
    {
        var options = new DistributedCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(100),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(5),
        };
        await Door.SetAsync("k", [1], options);

        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task FrozenOptions_OfTheExtensionMethods_AreAccepted()
    {
        Cache.SetString("k", "v");
        await Cache.SetStringAsync("l", "w");

        Assert.Equal("v", await Cache.GetStringAsync("k"));
        Assert.Equal("w", Cache.GetString("l"));
    }

    [Fact]
    public async Task Options_AreReadAtTheCall_AndLeftAsTheyAre()
    {
        var options = new DistributedCacheEntryOptions
        {
            AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10),
            SlidingExpiration = TimeSpan.FromSeconds(5),
        };
        await Door.SetAsync("k", [1], options);

        Assert.Null(options.AbsoluteExpiration);
        Assert.Equal(TimeSpan.FromSeconds(10), options.AbsoluteExpirationRelativeToNow);
        options.SlidingExpiration = TimeSpan.FromDays(1);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await Door.GetAsync("k"));
    }

    [Fact]
    public async Task NullKey_IsRefused_ByName()
    {
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Door.GetAsync(null!))).ParamName);
        Assert.Equal(
            "key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Door.SetAsync(null!, [1]))).ParamName);
        Assert.Equal(
            "key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Door.RefreshAsync(null!))).ParamName);
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentNullException>(() => Door.RemoveAsync(null!))).ParamName);
    }

    [Fact]
    public async Task NullValueOrOptions_AreRefused_ByNameAndChangeNothing()
    {
        await Door.SetAsync("k", [1]);
        var options = new DistributedCacheEntryOptions();

        Assert.Equal("value", Assert.Throws<ArgumentNullException>(() => Cache.Set("k", null!, options)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => Cache.Set("k", [2], null!)).ParamName);
        var noValue = await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync("k", null!, options));
        var noOptions = await Assert.ThrowsAsync<ArgumentNullException>(() => Cache.SetAsync("k", [2], null!));
        Assert.Equal(("value", "options"), (noValue.ParamName, noOptions.ParamName));
        Assert.Equal([1], await Door.GetAsync("k"));
    }

    protected static DistributedCacheEntryOptions Relative(double seconds) =>
        new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(seconds) };

    protected static DistributedCacheEntryOptions Sliding(double seconds) =>
        new() { SlidingExpiration = TimeSpan.FromSeconds(seconds) };

    protected abstract IDistributedCache Create(FakeTimeProvider clock);
}
