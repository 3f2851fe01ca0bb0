using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;
using SuperCache.Caching;
using Xunit;

namespace SuperCache.Extensions.Tests.Caching;

/// <summary>What SuperCache promises beyond the common contract, or where implementations differ.</summary>
public abstract class RecordDistributedCacheTests(DoorKind kind) : DistributedCacheConformance(kind), IDisposable
{
    private SuperCacheEngine? _engine;

    [Fact]
    public async Task Set_CopiesIn()
    {
        byte[] value = [1, 2, 3];
        await Door.SetAsync("k", value);

        value[0] = 99;

        Assert.Equal([1, 2, 3], await Door.GetAsync("k"));
    }

    [Fact]
    public async Task Get_CopiesOut()
    {
        await Door.SetAsync("k", [1, 2, 3]);

        (await Door.GetAsync("k"))![0] = 99;

        Assert.Equal([1, 2, 3], await Door.GetAsync("k"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-100_000)]
    public async Task Set_RefusesAPastDeadline_AndKeepsTheExistingEntry(int seconds)
    {
        await Door.SetAsync("k", [1]);
        DateTimeOffset past = Clock.GetUtcNow().AddSeconds(seconds);

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Door.SetAsync("k", [2], new DistributedCacheEntryOptions { AbsoluteExpiration = past }));

        Assert.Equal("options", error.ParamName);
        Assert.Contains("must be in the future", error.Message, StringComparison.Ordinal);
        Assert.Equal(past, error.ActualValue);
        Assert.Equal([1], await Door.GetAsync("k"));
    }

    [Fact]
    public async Task ExtremeExpirations_AreMet()
    {
        await Door.SetAsync(
            "a", [1], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue });
        await Door.SetAsync(
            "b", [2], new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.MaxValue });
        await Door.SetAsync("c", [3], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.MaxValue });
        await Door.SetAsync(
            "d", [4], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromTicks(1) });

        Clock.Advance(TimeSpan.FromDays(365_000));

        Assert.Equal([1], await Door.GetAsync("a"));
        Assert.Equal([2], await Door.GetAsync("b"));
        Assert.Equal([3], await Door.GetAsync("c"));
        Assert.Null(await Door.GetAsync("d"));
    }

    [Fact]
    public async Task EveryCall_ThrowsObjectDisposed_AfterTheCacheWasDisposed()
    {
        await Door.SetAsync("k", [1]);
        await _engine!.DisposeAsync();
        await _engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Door.GetAsync("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Door.SetAsync("k", [1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Door.RefreshAsync("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Door.RemoveAsync("k"));
    }

    [Fact]
    public async Task Entries_AreNotRecordsOfTheCache()
    {
        await Door.SetAsync("k", [1]);
        _engine!.Put(("k", "record"));
        _engine.DeleteAll();

        Assert.Equal([1], await Door.GetAsync("k"));
        Assert.Empty(_engine.GetByKey("k"));
    }

    public void Dispose()
    {
        _engine!.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override IDistributedCache Create(FakeTimeProvider clock)
    {
        _engine = new SuperCacheEngine(
            new SuperCacheOptions { TimeProvider = clock, PartitionCount = 4, KeyPosition = 1, PartitionPosition = 1 });
        return new RecordDistributedCache(_engine);
    }

    public sealed class Synchronous() : RecordDistributedCacheTests(DoorKind.Sync);

    public sealed class Asynchronous() : Cancellable(DoorKind.Async);

    public sealed class BufferedSynchronous() : RecordDistributedCacheTests(DoorKind.BufferSync);

    public sealed class BufferedAsynchronous() : Cancellable(DoorKind.BufferAsync);

    /// <summary>The doors that take a token.</summary>
    public abstract class Cancellable(DoorKind kind) : RecordDistributedCacheTests(kind)
    {
        [Fact]
        public async Task CanceledToken_IsHonouredAtEntry_AndNothingChanges()
        {
            var canceled = new CancellationToken(canceled: true);
            await Door.SetAsync("k", [1], Sliding(10));
            Clock.Advance(TimeSpan.FromSeconds(9));

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Door.GetAsync("k", canceled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Door.SetAsync("k", [2], token: canceled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Door.RefreshAsync("k", canceled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Door.RemoveAsync("k", canceled));

            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(await Door.GetAsync("k"));
            await Door.SetAsync("k", [3]);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Door.RemoveAsync("k", canceled));
            Assert.Equal([3], await Door.GetAsync("k"));
        }
    }
}
