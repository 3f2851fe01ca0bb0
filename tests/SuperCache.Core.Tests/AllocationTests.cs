using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using SuperCache.Records;
using SuperCache.Tests;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>What the hot paths allocate, counted by the runtime.</summary>
[Collection(nameof(RunsAlone))]
public sealed class AllocationTests
{
    private const int Calls = 1_000;

    private static readonly bool IsDebugBuild =
        typeof(SuperCacheEngine).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    public async Task TryGet_AllocatesNothing_OnAHitOrAMiss(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind);
        AssertReadsAllocateNothing(cache, "key", "other");
        AssertReadsAllocateNothing(cache, 1, 2);
        AssertReadsAllocateNothing(cache, 1L, 2L);
        AssertReadsAllocateNothing(cache, Guid.NewGuid(), Guid.NewGuid());
        AssertReadsAllocateNothing(cache, (1, "key"), (1, "other"));
        AssertReadsAllocateNothing(cache, 'a', 'b');
    }

    [Fact]
    public async Task TryGet_AllocatesNothing_WhereNumbersAreReadDirectly()
    {
        const int Records = 10_000;
        await using SuperCacheEngine cache = await Start.Cache(partitions: 2);
        cache.PutBatch(Enumerable.Range(0, Records).Select(i => (i, i)));
        ISuperCache contract = cache;
        int key = 0;
        long before = cache.GetStatistics().Hits;
        AssertBytes(0, () => contract.TryGet(key++ % Records, out (int, int) _));
        Assert.Equal(key, cache.GetStatistics().Hits - before);
    }

    /// <summary>A miss does when keys had to go into the overflow.</summary>
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.Bag)]
    public async Task TryGet_AllocatesNothing_HoweverManyPartitionsThereAre(TableKind kind)
    {
        const int Records = 64_000;
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 64);
        cache.PutBatch(Enumerable.Range(0, Records).Select(i => (i, i)));
        int key = 0;
        AssertBytes(0, () => cache.TryGet(-1 - (key++ % Records), out (int, int) _));
    }

    /// <summary>Each that leaves must not cost as much as all that stay.</summary>
    [Theory]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task RecordsOfOneKey_Expire_AtACostThatFollowsTheirNumber(TableKind kind)
    {
        const int Records = 10_000;
        var clock = new FakeTimeProvider();
        await using SuperCacheEngine cache = await Start.Cache(kind, clock: clock);
        var life = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) };
        cache.PutBatch(Enumerable.Range(0, Records).Select(i => ("events", i)), life);
        cache.Put(("events", -1));

        long before = GC.GetAllocatedBytesForCurrentThread();
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Records, 0, 200);
        Assert.Equal([("events", -1)], cache.GetByKey("events"));
        Assert.Equal((1, Records), (cache.GetStatistics().TotalCount, cache.GetStatistics().Expirations));
    }

    [Fact]
    public async Task TryGet_AllocatesNothing_ForKeyTypesOfTheirOwn()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        AssertReadsAllocateNothing(cache, new Version(1, 0), new Version(2, 0));
        AssertReadsAllocateNothing(cache, new PickyKey("a"), new PickyKey("b"));
        AssertReadsAllocateNothing(cache, DayOfWeek.Monday, DayOfWeek.Friday);
    }

    /// <summary>What every read of a cluster begins with.</summary>
    [Fact]
    public void StableHash_AllocatesNothing_ForValuesOfNoTypesOfTheApplication()
    {
        var id = Guid.NewGuid();
        var time = new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        AssertHashAllocatesNothing(true);
        AssertHashAllocatesNothing((sbyte)-1);
        AssertHashAllocatesNothing((byte)1);
        AssertHashAllocatesNothing((short)1);
        AssertHashAllocatesNothing((ushort)1);
        AssertHashAllocatesNothing('a');
        AssertHashAllocatesNothing(Int128.MaxValue);
        AssertHashAllocatesNothing(UInt128.MaxValue);
        AssertHashAllocatesNothing((Half)1.5);
        AssertHashAllocatesNothing(1.5f);
        AssertHashAllocatesNothing(1.5);
        AssertHashAllocatesNothing(1.50m);
        AssertHashAllocatesNothing(time);
        AssertHashAllocatesNothing(new DateTimeOffset(time));
        AssertHashAllocatesNothing(DateOnly.FromDateTime(time));
        AssertHashAllocatesNothing(TimeOnly.FromDateTime(time));
        AssertHashAllocatesNothing(time.TimeOfDay);
        AssertHashAllocatesNothing(ValueTuple.Create(1));
        AssertHashAllocatesNothing((1, "key"));
        AssertHashAllocatesNothing(("tenant", id, (short)7));
        AssertHashAllocatesNothing(("tenant", (id, time), 1L, false));
        AssertHashAllocatesNothing((1, 2u, 3L, 4ul, 5.5m));
        AssertHashAllocatesNothing((id, id, id, id, id, id));
        AssertHashAllocatesNothing(((string?)null, "b", 1, 2, 'c', 1.5, time));
    }

    [Fact]
    public async Task TryGet_AllocatesNothing_WhenTheEntrySlides()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        ISuperCache contract = cache;
        contract.Put(("key", 1), new CacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) });
        AssertBytes(0, () => contract.TryGet("key", out (string, int) _));
    }

    [Fact]
    public async Task TryGet_OfADirectPartition_AllocatesNothing()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        ICachePartition partition = cache.Partitions.For(1);
        partition.Put((1, "one"));
        AssertBytes(0, () => partition.TryGet(1, out (int, string) _));
        AssertBytes(0, () => partition.TryGet(2, out (int, string) _));
    }

    [Fact]
    public async Task Put_AllocatesNothing_WhenItReplacesARecordOfOneTypeInASet()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        ISuperCache contract = cache;
        contract.Put((1, 1));
        AssertBytes(0, () => contract.Put((1, 2)));
        await using SuperCacheEngine strings = await Start.Cache();
        ISuperCache texts = strings;
        texts.Put(("key", 1));
        AssertBytes(0, () => texts.Put(("key", 2)));
    }

    [Fact]
    public async Task Put_AllocatesTheNodeAlone_WhenTheRecordExpires()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        ISuperCache contract = cache;
        var options = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        contract.Put((1, 1), options);
        AssertBytes(192, () => contract.Put((1, 2), options));
    }

    private static void AssertReadsAllocateNothing<TKey>(ISuperCache cache, TKey key, TKey missing)
        where TKey : notnull
    {
        cache.Put((key, 1));
        Assert.True(cache.TryGet(key, out (TKey, int) _));
        AssertBytes(0, () => cache.TryGet(key, out (TKey, int) _));
        AssertBytes(0, () => cache.TryGet(missing, out (TKey, int) _));
    }

    private static void AssertHashAllocatesNothing<T>(T value)
    {
        var hash = new StableHash(new CodecTable(new WireTypeRegistry()));
        AssertBytes(0, () => hash.Of(value));
    }

    private static void AssertBytes(long atMost, Action call)
    {
        Assert.SkipWhen(
            IsDebugBuild, "A debug build boxes what the optimiser leaves in registers; run with -c Release.");
        long bytes = long.MaxValue;

        // The last tier of the compiler comes after some thousands of calls, on a busy machine after some millions.
        for (int attempt = 0; attempt < 100_000 && bytes / Calls > atMost; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                call();
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(bytes / Calls, 0, atMost);
    }
}
