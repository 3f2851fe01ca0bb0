using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Every function of the original, by its name, in the throwing and in the safe form.</summary>
public sealed class SeedParityTests
{
    private static readonly (string Key, int Id) Template = ("user", 1);

    [Fact]
    public async Task start_0_and_start_1_RunACache()
    {
        await using SuperCacheEngine plain = await SuperCacheEngine.StartAsync();
        await using SuperCacheEngine configured = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { PartitionCount = 7 });
        CacheResult<SuperCacheEngine> safe = await SuperCacheEngine.TryStartAsync(
            new SuperCacheOptions { PartitionCount = 2 });
        CacheResult<SuperCacheEngine> bad = await SuperCacheEngine.TryStartAsync(
            new SuperCacheOptions { PartitionCount = 0 });

        Assert.Equal(Environment.ProcessorCount, plain.Partitions.Count);
        Assert.Equal(7, configured.Partitions.Count);
        Assert.True(safe.IsSuccess);
        Assert.Equal(2, safe.Value.Partitions.Count);
        await safe.Value.DisposeAsync();
        Assert.False(bad.IsSuccess);
        Assert.IsType<ArgumentException>(bad.Error);
        Assert.False(bad.TryGetValue(out _));
        Assert.Same(bad.Error, Assert.Throws<InvalidOperationException>(() => bad.Value).InnerException);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 0 }));
    }

    [Fact]
    public async Task started_distributed_and_stop_TellTheState()
    {
        SuperCacheEngine cache = await Start.Cache();
        Assert.True(cache.IsStarted);
        Assert.False(cache.IsDistributed);
        cache.Put(("user", 1));
        await cache.DisposeAsync();
        Assert.False(cache.IsStarted);
        Assert.Throws<ObjectDisposedException>(() => cache.Get(Template));
        Assert.IsType<ObjectDisposedException>(cache.Safe.Get(Template).Error);
    }

    [Fact]
    public async Task put_StoresAndReplaces()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.Put(("user", 1, "Alice"));
        await cache.PutAsync(("user", 1, "Bob"));
        Assert.Equal(("user", 1, "Bob"), Assert.Single(cache.Get(Template)));
        Assert.True(cache.Safe.Put(("user", 2, "Carol")).IsSuccess);
        Assert.True((await cache.Safe.PutAsync(("user", 2, "Dave"))).IsSuccess);
        Assert.Equal(("user", 2, "Dave"), Assert.Single(cache.Get(Template)));
        Assert.False(cache.Safe.Put(ValueTuple.Create((string?)null)).IsSuccess);
    }

    [Fact]
    public async Task put_batch_StoresAll()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.PutBatch([("a", 1), ("b", 2)]);
        await cache.PutBatchAsync([("c", 3)]);
        Assert.True(cache.Safe.PutBatch([("d", 4)]).IsSuccess);
        Assert.True((await cache.Safe.PutBatchAsync([("e", 5)])).IsSuccess);
        Assert.False(cache.Safe.PutBatch([("f", 6), ((string?)null!, 7)]).IsSuccess);
        Assert.Equal(5, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task lazy_put_StoresByTheFlush()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.LazyPut(("a", 1));
        Assert.True(cache.Safe.LazyPut(("b", 2)).IsSuccess);
        await cache.FlushAsync();
        Assert.True((await cache.Safe.FlushAsync()).IsSuccess);
        Assert.Equal(2, cache.GetStatistics().TotalCount);
        Assert.False(cache.Safe.LazyPut(ValueTuple.Create((string?)null)).IsSuccess);
    }

    [Fact]
    public async Task get_FindsByTheTemplatesKey()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.Put(("user", 1, "Alice"));
        Assert.Equal(("user", 1, "Alice"), Assert.Single(cache.Get(Template)));
        Assert.Single(await cache.GetAsync(Template, ReadMode.Quorum));
        Assert.Equal("Alice", Assert.Single(cache.Get<(string, int, string)>(Template, ReadMode.Primary)).Item3);
        Assert.Single(await cache.GetAsync<(string, int, string)>(Template));
        Assert.True(cache.TryGet("user", out (string, int, string) record));
        Assert.Equal("Alice", record.Item3);
        Assert.True((await cache.TryGetAsync<string, (string, int, string)>("user")).Found);
        Assert.Empty(cache.Get(("nobody", 1)));

        Assert.Single(cache.Safe.Get(Template).Value);
        Assert.Single((await cache.Safe.GetAsync(Template)).Value);
        Assert.Single(cache.Safe.Get<(string, int, string)>(Template).Value);
        Assert.IsType<RecordTypeException>((await cache.Safe.GetAsync<(string, long)>(Template)).Error);
        Assert.True(cache.Safe.TryGet("user", out record).Value);
        Assert.True((await cache.Safe.TryGetAsync<string, (string, int, string)>("user")).Value.Found);
        Assert.IsType<RecordTypeException>(cache.Safe.TryGet("user", out (string, long) _).Error);
    }

    [Fact]
    public async Task get_by_key_partition_and_get_same_key_partition_FindByKey()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 16, configure: o => o.PartitionPosition = 1);
        cache.Put(("user", 1, "Alice"));
        cache.Put(("same", "same"));
        Assert.Single(cache.GetByKeyPartition("user", 1));
        Assert.Single(await cache.GetByKeyPartitionAsync("user", 1));
        Assert.Empty(cache.GetByKeyPartition("nobody", 1));
        Assert.Single(cache.GetByKey("same"));
        Assert.Single(await cache.GetByKeyAsync("same"));
        Assert.Single(cache.Safe.GetByKeyPartition("user", 1).Value);
        Assert.Single((await cache.Safe.GetByKeyPartitionAsync("user", 1)).Value);
        Assert.Single(cache.Safe.GetByKey("same").Value);
        Assert.Single((await cache.Safe.GetByKeyAsync("same")).Value);
        Assert.False(cache.Safe.GetByKey((string)null!).IsSuccess);
    }

    [Fact]
    public async Task get_by_match_ReturnsBindings()
    {
        await using SuperCacheEngine cache = await Filled();
        Assert.Equal([[1, "a"]], cache.GetByMatch((1, Match.Var(1), Match.Any)).Select(row => (object[])[1, row[0]!]));
        Assert.Equal(10, (await cache.GetByMatchAsync((Match.Var(0), Match.Any, Match.Any))).Count);
        Assert.Single(cache.GetByMatch((Match.Var(0), "a", 1), PartitionScope.Of(1)));
        Assert.Equal(10, cache.Safe.GetByMatch((Match.Var(0), Match.Any, Match.Any)).Value.Count);
        Assert.Equal(10, (await cache.Safe.GetByMatchAsync((Match.Var(0), Match.Any, Match.Any))).Value.Count);
        Assert.False(cache.Safe.GetByMatch(null!).IsSuccess);
    }

    [Fact]
    public async Task get_by_match_object_ReturnsRecords()
    {
        await using SuperCacheEngine cache = await Filled();
        Assert.Equal((1, "a", 1), Assert.Single(cache.GetByMatchObject((1, Match.Any, Match.Any))));
        Assert.Equal(
            10, (await cache.GetByMatchObjectAsync((Match.Any, Match.Any, Match.Any), PartitionScope.All)).Count);
        Assert.Single(cache.Safe.GetByMatchObject((1, Match.Any, Match.Any)).Value);
        Assert.Single((await cache.Safe.GetByMatchObjectAsync((1, Match.Any, Match.Any), PartitionScope.Of(1))).Value);
        Assert.False(cache.Safe.GetByMatchObject(ValueTuple.Create()).IsSuccess);
    }

    [Fact]
    public async Task scan_Folds()
    {
        await using SuperCacheEngine cache = await Filled();
        Assert.Equal(45, cache.Scan(0, (sum, record) => sum + (int)record[0]!));
        Assert.Equal(45, Enumerable.Range(0, 10).Select(i => cache.Partitions.IndexOf(i)).Distinct()
            .Sum(p => cache.Scan(0, (sum, r) => sum + (int)r[0]!, PartitionScope.Of(Enumerable.Range(0, 10).First(i =>
                cache.Partitions.IndexOf(i) == p)))));
        Assert.Equal(45, cache.Safe.Scan(0, (sum, record) => sum + (int)record[0]!).Value);
        Assert.IsType<DivideByZeroException>(cache.Safe.Scan<int>(0, (_, _) =>
            throw new DivideByZeroException()).Error);
        Assert.Throws<ArgumentNullException>(() => cache.Scan<int>(0, null!));
    }

    [Fact]
    public async Task delete_RemovesByTheTemplatesKey()
    {
        await using SuperCacheEngine cache = await Filled();
        Assert.True(cache.Delete((1, "x")));
        Assert.False(await cache.DeleteAsync((1, "x")));
        Assert.True(cache.Safe.Delete((2, "x")).Value);
        Assert.False((await cache.Safe.DeleteAsync((2, "x"))).Value);
        Assert.False(cache.Safe.Delete(null!).IsSuccess);
        Assert.Equal(8, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task delete_all_RemovesEverything()
    {
        await using SuperCacheEngine cache = await Filled();
        cache.DeleteAll();
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        cache.Put((1, 1));
        await cache.DeleteAllAsync();
        cache.Put((1, 1));
        Assert.True(cache.Safe.DeleteAll().IsSuccess);
        cache.Put((1, 1));
        Assert.True((await cache.Safe.DeleteAllAsync()).IsSuccess);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        Assert.Empty(cache.GetByKey(1));
    }

    [Fact]
    public async Task delete_by_key_partition_and_delete_same_key_partition_RemoveByKey()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 16, configure: o => o.PartitionPosition = 1);
        cache.PutBatch([("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
        cache.PutBatch([("e", "e"), ("f", "f"), ("g", "g"), ("h", "h")]);
        Assert.True(cache.DeleteByKeyPartition("a", 1));
        Assert.True(await cache.DeleteByKeyPartitionAsync("b", 1));
        Assert.True(cache.Safe.DeleteByKeyPartition("c", 1).Value);
        Assert.True((await cache.Safe.DeleteByKeyPartitionAsync("d", 1)).Value);
        Assert.True(cache.DeleteByKey("e"));
        Assert.True(await cache.DeleteByKeyAsync("f"));
        Assert.True(cache.Safe.DeleteByKey("g").Value);
        Assert.True((await cache.Safe.DeleteByKeyAsync("h")).Value);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task delete_by_match_RemovesWhatMatches()
    {
        await using SuperCacheEngine cache = await Filled();
        Assert.Equal(1, cache.DeleteByMatch((1, Match.Any, Match.Any)));
        Assert.Equal(1, await cache.DeleteByMatchAsync((2, Match.Any, Match.Any), PartitionScope.Of(2)));
        Assert.Equal(1, cache.Safe.DeleteByMatch((3, Match.Any, Match.Any)).Value);
        Assert.Equal(7, (await cache.Safe.DeleteByMatchAsync((Match.Any, "a", Match.Any))).Value);
        Assert.False(cache.Safe.DeleteByMatch(null!).IsSuccess);
    }

    [Fact]
    public async Task put_partition_get_partition_and_delete_partition_GoToThePartitionOfAValue()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 8);
        ICachePartition partition = cache.Partitions.For("key");
        partition.Put(("key", 1));
        Assert.Equal(("key", 1), Assert.Single(partition.Get("key")));
        Assert.True(cache.TryGet("key", out (string, int) _));
        Assert.True(partition.TryGet("key", out (string, int) _));
        Assert.True(partition.Delete("key"));
        Assert.False(partition.Delete("key"));
    }

    [Fact]
    public async Task put_partition_by_idx_and_get_and_delete_and_get_partition_order_UseTheIndex()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 8);
        int index = cache.Partitions.IndexOf("key");
        Assert.Equal(index, cache.Partitions.For("key").Index);
        cache.Partitions[index].Put(("key", 1));
        Assert.Single(cache.GetByKey("key"));
        Assert.Equal(1, cache.Partitions[index].Count);
        int elsewhere = (index + 1) % 8;
        cache.Partitions[elsewhere].Put(("key", 2));
        Assert.Equal(("key", 1), Assert.Single(cache.GetByKey("key")));
        Assert.Equal(("key", 2), Assert.Single(cache.Partitions[elsewhere].Get("key")));
        Assert.Equal(2, cache.GetByMatch((Match.Any, Match.Any)).Count);
        Assert.True(cache.Partitions[index].Delete("key"));
        Assert.Empty(cache.GetByKey("key"));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => cache.Partitions[8]);
        Assert.Contains("is 8", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Partitions[-1]);
        Assert.Equal(Enumerable.Range(0, 8), cache.Partitions.Select(p => p.Index));
    }

    [Fact]
    public async Task stats_and_cluster_stats_CountTheRecords()
    {
        await using SuperCacheEngine cache = await Filled();
        CacheStatistics own = cache.GetStatistics();
        ClusterStatistics cluster = await cache.GetClusterStatisticsAsync();
        Assert.Equal(10, own.TotalCount);
        Assert.Equal(Enumerable.Range(0, 3), own.Partitions.Select(p => p.Index));
        Assert.Equal(10, cluster.TotalRecords);
        Assert.Equal(10, Assert.Single(cluster.Nodes).RecordCount);
        Assert.Equal(3, cluster.Nodes[0].PrimaryPartitions);
        Assert.Empty(cluster.UnreachableNodes);
    }

    [Theory]
    [InlineData(TableKind.Set, 1, 2)]
    [InlineData(TableKind.OrderedSet, 1, 2)]
    [InlineData(TableKind.Bag, 2, 2)]
    [InlineData(TableKind.DuplicateBag, 3, 2)]
    public async Task table_type_DecidesHowManyRecordsAKeyHas(TableKind kind, int records, int last)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind);
        cache.Put(("k", 1));
        cache.Put(("k", 1));
        cache.Put(("k", 2));
        IReadOnlyList<(string, int)> found = cache.Get<(string, int)>(Tuple.Create("k"));
        Assert.Equal(records, found.Count);
        Assert.Contains(("k", last), found);
        Assert.True(cache.DeleteByKey("k"));
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    private static async Task<SuperCacheEngine> Filled()
    {
        SuperCacheEngine cache = await Start.Cache();
        cache.PutBatch(Enumerable.Range(0, 10).Select(i => (i, "a", i)));
        return cache;
    }
}
