using Microsoft.Extensions.Time.Testing;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Every mistake of a caller is refused before anything changes, by a message that names the value and the
/// rule.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void Priority_ThatIsNone_IsRefused()
    {
        var options = new CacheEntryOptions();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.Priority = (CacheEntryPriority)(-1));
        Assert.Contains("NeverEvict", error.Message, StringComparison.Ordinal);
        Assert.Equal(CacheEntryPriority.Normal, options.Priority);
    }

    [Fact]
    public async Task Nulls_AreRefused_ByEveryMember()
    {
        await using SuperCacheEngine cache = await Filled();
        Refuses<ArgumentNullException>(cache, c => c.Put<Tuple<int, int>>(null!), "record");
        Refuses<ArgumentNullException>(cache, c => c.LazyPut<Tuple<int, int>>(null!), "record");
        Refuses<ArgumentNullException>(cache, c => c.PutBatch<(int, int)>(null!), "records");
        Refuses<RecordShapeException>(cache, c =>
            c.PutBatch<Tuple<int, int>>([Tuple.Create(1, 2), null!]), "Record 1", "null");
        Refuses<ArgumentNullException>(cache, c => c.Get(null!), "template");
        Refuses<ArgumentNullException>(cache, c => c.Get<(int, int)>(null!), "template");
        Refuses<ArgumentNullException>(cache, c => c.GetByKey((string)null!), "key");
        Refuses<ArgumentNullException>(cache, c => c.TryGet((string)null!, out (string, int) _), "key");
        Refuses<ArgumentNullException>(cache, c => c.GetByKeyPartition((string)null!, 1), "key");
        Refuses<ArgumentNullException>(cache, c => c.GetByKeyPartition(1, (string)null!), "partitionValue");
        Refuses<ArgumentNullException>(cache, c => c.Delete(null!), "template");
        Refuses<ArgumentNullException>(cache, c => c.DeleteByKey((string)null!), "key");
        Refuses<ArgumentNullException>(cache, c => c.DeleteByKeyPartition(1, (string)null!), "partitionValue");
        Refuses<ArgumentNullException>(cache, c => c.GetByMatch(null!), "pattern");
        Refuses<ArgumentNullException>(cache, c => c.DeleteByMatch(null!), "pattern");
        Refuses<ArgumentNullException>(cache, c => c.Partitions.For((string)null!), "partitionValue");
        Refuses<ArgumentNullException>(cache, c => c.Partitions[0].Put<Tuple<int, int>>(null!), "record");
        Refuses<ArgumentNullException>(cache, c => c.Partitions[0].Get((string)null!), "key");
        Refuses<ArgumentNullException>(cache, c => c.Partitions[0].Delete((string)null!), "key");
        Refuses<ArgumentNullException>(cache, _ => PartitionScope.Of((string)null!), "partitionValue");
        Refuses<RecordShapeException>(cache, c => c.Put(((string?)null, 1)), "key", "position 0", "null");
        Refuses<RecordShapeException>(cache, c => c.Put(Tuple.Create((string?)null)), "key", "position 0", "null");
        Refuses<RecordShapeException>(cache, c => c.Get(Tuple.Create((string?)null)), "key", "position 0", "null");
    }

    [Fact]
    public async Task Records_AreRefused_WhenTheyAreTooShort()
    {
        await using SuperCacheEngine cache = await Start.Cache(configure: o =>
            (o.KeyPosition, o.PartitionPosition) = (1, 3));
        cache.Put((0, 1, 2, 3));
        Refuses<RecordShapeException>(cache, c =>
            c.Put((0, 1, 2)), "3 element(s)", "PartitionPosition 3", "at least 4");
        Refuses<RecordShapeException>(cache, c =>
            c.Put(ValueTuple.Create(0)), "1 element(s)", "KeyPosition 1", "at least 2");
        Refuses<RecordShapeException>(cache, c => c.Put(Tuple.Create(0, 1, 2)), "3 element(s)", "at least 4");
        Refuses<RecordShapeException>(cache, c => c.LazyPut((0, 1)), "2 element(s)");
        Refuses<RecordShapeException>(cache, c => c.PutBatch([(0, 1, 2)]), "Record 0", "Nothing was stored");
        Refuses<RecordShapeException>(cache, c => c.Get((0, 1, 2)), "3 element(s)");
        Refuses<RecordShapeException>(cache, c => c.Delete((0, 1, 2)), "3 element(s)");
        Refuses<RecordShapeException>(cache, c =>
            c.Partitions[0].Put(ValueTuple.Create(0)), "1 element(s)", "KeyPosition 1");
        Refuses<RecordShapeException>(cache, c =>
            c.Put((0, 1, 2, (string?)null)), "partition value", "position 3", "null");
        Refuses<RecordShapeException>(cache, c => c.Put((0, (string?)null, 2, 3)), "key", "position 1", "null");
    }

    [Theory]
    [InlineData(nameof(SuperCacheOptions.KeyPosition), "-1", "0 or more")]
    [InlineData(nameof(SuperCacheOptions.PartitionPosition), "-2", "0 or more")]
    [InlineData(nameof(SuperCacheOptions.PartitionCount), "0", "between 1 and 16384")]
    [InlineData(nameof(SuperCacheOptions.PartitionCount), "20000", "between 1 and 16384")]
    [InlineData(nameof(SuperCacheOptions.ReplicationFactor), "0", "1 or more")]
    [InlineData(nameof(SuperCacheOptions.SizeLimit), "0", "between 1 and")]
    [InlineData(nameof(SuperCacheOptions.SizeLimit), "-5", "between 1 and")]
    [InlineData(nameof(SuperCacheOptions.LazyPutCapacity), "0", "between 1 and 1048576")]
    [InlineData(nameof(SuperCacheOptions.TableKind), "9", "Set, OrderedSet, Bag, DuplicateBag")]
    [InlineData(nameof(SuperCacheOptions.Mode), "9", "Local, Distributed")]
    [InlineData(nameof(SuperCacheOptions.ReplicationMode), "9", "Async, Sync, Strong")]
    [InlineData(nameof(SuperCacheOptions.DefaultReadMode), "9", "Local, Primary, Quorum")]
    public async Task Options_AreRefused_WhenOutOfRange(string option, string value, string rule)
    {
        var options = new SuperCacheOptions();
        System.Reflection.PropertyInfo property = typeof(SuperCacheOptions).GetProperty(option)!;
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(options, type.IsEnum ? Enum.Parse(type, value) : Convert.ChangeType(value, type));

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await SuperCacheEngine.StartAsync(options));
        Assert.Contains($"{option} is {value}", error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.False((await SuperCacheEngine.TryStartAsync(options)).IsSuccess);
    }

    [Fact]
    public async Task EntryOptions_AreRefused_WhenTheyCannotBeMet()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using SuperCacheEngine cache = await Start.Cache(clock: clock, configure: o => o.SizeLimit = 10);
        cache.Put((1, 1));
        var past = new CacheEntryOptions { AbsoluteExpiration = clock.GetUtcNow().AddSeconds(-1) };
        var now = new CacheEntryOptions { AbsoluteExpiration = clock.GetUtcNow() };
        Refuses<ArgumentOutOfRangeException>(cache, c =>
            c.Put((2, 2), past), "AbsoluteExpiration is 2029-12-31", "in the future");
        Refuses<ArgumentOutOfRangeException>(cache, c => c.Put((2, 2), now), "in the future");
        Refuses<ArgumentOutOfRangeException>(cache, c => c.LazyPut((2, 2), past), "in the future");
        Refuses<ArgumentOutOfRangeException>(cache, c => c.PutBatch([(2, 2)], past), "in the future");
        Refuses<ArgumentOutOfRangeException>(cache, c => c.Partitions[0].Put((2, 2), past), "in the future");
        Refuses<ArgumentOutOfRangeException>(cache, c =>
            c.Put((2, 2), new CacheEntryOptions { Size = 11 }), "Size is 11", "10");
        Refuses<ArgumentOutOfRangeException>(cache, _ =>
            new CacheEntryOptions { Size = -1 }, "Size is -1", "0 or more");
        Refuses<ArgumentOutOfRangeException>(
            cache, _ => new CacheEntryOptions { SlidingExpiration = TimeSpan.Zero },
                "SlidingExpiration is 00:00:00", "positive");
        Refuses<ArgumentOutOfRangeException>(
            cache,
            _ => new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(-1) },
            "AbsoluteExpirationRelativeToNow is -00:00:01",
            "positive");
    }

    [Fact]
    public async Task OrderedSet_RefusesKeys_ThatCannotBeCompared()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.OrderedSet);
        Refuses<ArgumentException>(cache, c => c.Put((new object(), 1)), "System.Object", "IComparable");
        Refuses<ArgumentException>(cache, c => c.Put(((1, new object()), 1)), "System.Object", "IComparable");
        Refuses<ArgumentException>(cache, c => c.LazyPut((new object(), 1)), "IComparable");
        Refuses<ArgumentException>(cache, c => c.PutBatch([((object)1, 1), (new object(), 1)]), "IComparable");
        Assert.Empty(cache.GetByKey(new object()));
    }

    [Fact]
    public async Task EveryMember_ThrowsObjectDisposed_AfterDispose()
    {
        SuperCacheEngine cache = await Filled();
        IPartitionSet partitions = cache.Partitions;
        ICachePartition partition = partitions[0];
        await cache.DisposeAsync();
        await cache.DisposeAsync();
        Action<ISuperCache>[] members =
        [
            c => c.Put((1, 1)), c =>
                c.PutBatch([(1, 1)]), c => c.LazyPut((1, 1)), c => c.Get((1, 1)), c => c.Get<(int, int)>((1, 1)),
            c => c.TryGet(1, out (int, int) _), c =>
                c.TryGet("absent", out (string, int) _), c => c.GetByKey(1), c => c.GetByKeyPartition(1, 1),
            c => c.GetByMatch((1, 1)), c =>
                c.GetByMatchObject((1, 1)), c => c.Scan(0, (n, _) => n), c => c.Delete((1, 1)),
            c => c.DeleteByKey(1), c => c.DeleteByKeyPartition(1, 1), c => c.DeleteByMatch((1, 1)), c => c.DeleteAll(),
            c => c.GetStatistics(), _ => partitions.For(1), _ => partitions.IndexOf(1), _ => partition.Put((1, 1)),
            _ => partition.Get(1), _ => partition.TryGet(1, out (int, int) _), _ => partition.Delete(1),
            _ => Assert.Equal(0, partition.Count),
        ];
        Assert.All(members, member => Assert.Throws<ObjectDisposedException>(() => member(cache)));
        Func<ISuperCache, Task>[] asynchronous =
        [
            async c => await c.PutAsync((1, 1)), async c =>
                await c.PutBatchAsync([(1, 1)]), async c => await c.FlushAsync(),
            async c => await c.GetAsync((1, 1)), async c => await c.GetAsync<(int, int)>((1, 1)),
            async c => await c.TryGetAsync<int, (int, int)>(1), async c => await c.GetByKeyAsync(1),
            async c => await c.GetByKeyPartitionAsync(1, 1), async c => await c.GetByMatchAsync((1, 1)),
            async c => await c.GetByMatchObjectAsync((1, 1)), async c =>
                await c.DeleteAsync((1, 1)), async c => await c.DeleteByKeyAsync(1),
            async c => await c.DeleteByKeyPartitionAsync(1, 1), async c => await c.DeleteByMatchAsync((1, 1)),
            async c => await c.DeleteAllAsync(), async c => await c.GetClusterStatisticsAsync(),
        ];
        foreach (Func<ISuperCache, Task> member in asynchronous)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => member(cache));
        }
    }

    [Fact]
    public async Task AsynchronousMembers_HonourACancelledToken_AtEntry()
    {
        await using SuperCacheEngine cache = await Filled();
        var cancelled = new CancellationToken(canceled: true);
        Func<ISuperCache, Task>[] members =
        [
            async c => await c.PutAsync((9, 1), null, cancelled), async c =>
                await c.PutBatchAsync([(9, 1)], null, cancelled),
            async c => await c.FlushAsync(cancelled), async c => await c.GetAsync((1, 1), null, cancelled),
            async c => await c.TryGetAsync<int, (int, int)>(1, null, cancelled), async c =>
                await c.GetByKeyAsync(1, null, cancelled),
            async c => await c.GetByMatchAsync((1, 1), default, null, cancelled), async c =>
                await c.DeleteAsync((1, 1), cancelled),
            async c => await c.DeleteByKeyAsync(1, cancelled), async c =>
                await c.DeleteByMatchAsync((1, 1), default, cancelled),
            async c => await c.DeleteAllAsync(cancelled), async c => await c.GetClusterStatisticsAsync(cancelled),
            async _ => await SuperCacheEngine.StartAsync(null, cancelled),
        ];
        foreach (Func<ISuperCache, Task> member in members)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => member(cache));
        }

        Assert.Equal(10, cache.GetStatistics().TotalCount);
    }

    private static async Task<SuperCacheEngine> Filled()
    {
        SuperCacheEngine cache = await Start.Cache();
        cache.PutBatch(Enumerable.Range(0, 10).Select(i => (i, i)));
        return cache;
    }

    private static void Refuses<TError>(SuperCacheEngine cache, Action<ISuperCache> mistake, params string[] says)
        where TError : Exception
    {
        CacheStatistics before = cache.GetStatistics();
        TError error = Assert.Throws<TError>(() => mistake(cache));
        Assert.All(says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        CacheStatistics after = cache.GetStatistics();
        Assert.Equal((before.TotalCount, before.Puts, before.Deletes), (after.TotalCount, after.Puts, after.Deletes));
    }
}
