using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Options are read once: what becomes of the object afterwards does not reach the cache.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task StartedCache_KeepsItsOptions_WhateverBecomesOfTheObject()
    {
        var options = new SuperCacheOptions { DefaultEntryOptions = new CacheEntryOptions() };
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(options);
        options.TableKind = TableKind.Bag;
        options.KeyPosition = 1;
        options.SizeLimit = 1;
        options.DefaultEntryOptions.AbsoluteExpirationRelativeToNow = TimeSpan.FromTicks(1);

        cache.Put(("k", 1));
        cache.Put(("k", 2));
        cache.Put(("l", 2));

        Assert.Equal([("k", 2)], cache.Get<(string, int)>(ValueTuple.Create("k")));
        Assert.True(cache.TryGet("l", out (string, int) _));
    }
}
