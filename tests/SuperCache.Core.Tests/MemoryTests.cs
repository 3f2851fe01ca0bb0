using System.Runtime.CompilerServices;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>What a disposed cache gives back, and what a cache never holds.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(TableKind.Set, false)]
    [InlineData(TableKind.Set, true)]
    [InlineData(TableKind.OrderedSet, true)]
    [InlineData(TableKind.Bag, true)]
    [InlineData(TableKind.DuplicateBag, false)]
    public async Task DisposedCache_HoldsNoRecord_ThoughItIsHeldItself(TableKind kind, bool expires)
    {
        SuperCacheEngine cache = await Start.Cache(kind, configure: o => o.SizeLimit = expires ? 1_000 : null);
        WeakReference value = Fill(cache, expires);
        await cache.DisposeAsync();
        Assert.False(IsAlive(value));
        GC.KeepAlive(cache);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public async Task EntryThatHasLeft_IsNotHeld(int? limit)
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1, configure: o => o.SizeLimit = limit);
        WeakReference left = PutAndDelete(cache);
        Assert.False(IsAlive(left));
        GC.KeepAlive(cache);
    }

    [Fact]
    public async Task ContextOfTheFirstCaller_IsNotHeld()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        WeakReference value = PutInContext(cache);
        Assert.False(IsAlive(value));
        GC.KeepAlive(cache);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Fill(SuperCacheEngine cache, bool expires)
    {
        object value = new byte[100];
        cache.Put(
            ("key", value),
            expires ? new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) } : null);
        Assert.True(cache.TryGet("key", out (string, object) _));
        return new WeakReference(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PutAndDelete(SuperCacheEngine cache)
    {
        var listener = new Listener();
        cache.Live.Put(((object)"key", (object)listener), new CacheEntryOptions(), listener);
        Assert.True(cache.Live.Delete("key", "key"));
        return new WeakReference(listener);
    }

    /// <summary>On a thread of its own, which ends.</summary>
    private static WeakReference PutInContext(SuperCacheEngine cache)
    {
        WeakReference? held = null;
        var thread = new Thread(() =>
        {
            var context = new AsyncLocal<object> { Value = new byte[100] };
            held = new WeakReference(context.Value);
            cache.Put(("key", 1), new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
            context.Value = null!;
        });
        thread.Start();
        thread.Join();
        return held!;
    }

    private static bool IsAlive(WeakReference value)
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return value.IsAlive;
    }

    private sealed class Listener : IRemovalListener
    {
        public void OnRemoved(RemovalReason reason)
        {
        }
    }
}
