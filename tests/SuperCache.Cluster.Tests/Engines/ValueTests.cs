using System.Runtime.CompilerServices;
using SuperCache.Partitions;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Values of every type come to every node as exactly what they were; what does not travel is refused before
/// anything has changed.</summary>
public class ValueTests
{
    private enum Colour
    {
        Red,
    }

    public static TheoryData<string> Values => [.. Examples.Keys];

    private static Dictionary<string, ITuple> Examples { get; } = new ITuple[]
    {
        ("bool", true), ("sbyte", (sbyte)-1), ("byte", (byte)1), ("short", (short)-2), ("ushort", (ushort)2),
        ("int", 1), ("uint", 1u), ("long", 1L), ("ulong", 1UL), ("Int128", Int128.MaxValue), ("Half", (Half)1.5),
        ("float", 1.5f), ("double", 1.5), ("decimal", 1.50m), ("char", 'x'), ("null", (string?)null), ("", "empty"),
        ("guid", new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
        ("dt", new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
        ("dto", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))), ("date", new DateOnly(2026, 1, 2)),
        ("time", new TimeOnly(3, 4)), ("span", TimeSpan.FromSeconds(1.5)), ("uri", new Uri("https://example.com/x")),
        ("version", new Version(1, 2)), ("nested", (1, ("a", 2L))), ("nullable", (int?)5), ("object", (object)1L),
        Tuple.Create("class", 1), ValueTuple.Create("one"), (1, "int key"), (1L, "long key"), (Guid.Empty, "guid key"),
        (1.5m, "decimal key"), (("a", 1), "tuple key"), ("long", 1, 2, 3, 4, 5, 6, 7, 8, 9),
    }.ToDictionary(r => $"{r.GetType()} {r}");

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Record_ComesToEveryNode_AsItWas(string example)
    {
        EngineCluster cluster = await Shared.Value;
        ITuple record = Examples[example];
        foreach (SuperCacheEngine writer in cluster.Engines)
        {
            await writer.PutAsync(record);
            await cluster.WhenEqualAsync();
            foreach (SuperCacheEngine reader in cluster.Engines)
            {
                ITuple found = Assert.Single(reader.Get(record));
                Assert.Equal(record, found);
                Assert.Equal(record.GetType(), found.GetType());
            }

            Assert.True(await writer.DeleteAsync(record));
        }
    }

    [Fact]
    public async Task TryGet_OfABagOfSeveralTypes_IsTheSame_FromEveryNode()
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => (o.TableKind, o.ReplicationMode) = (TableKind.Bag, ReplicationMode.Sync));
        await using SuperCacheEngine local =
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { TableKind = TableKind.Bag });
        int key = Enumerable.Range(0, 1_000).First(
            k => cluster.PrimaryOf(cluster[0].Partitions.IndexOf(k)) == cluster[1]);
        List<(bool, (int, string))> seen = [];
        foreach (SuperCacheEngine engine in new[] { local, cluster[1], cluster[0] })
        {
            if (engine != cluster[0])
            {
                engine.Put((key, "first"));
                engine.Put((key, 2));
            }

            seen.Add((engine.TryGet(key, out (int, string) record, ReadMode.Primary), record));
        }

        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task ArraysAndBytes_ComeToEveryNode()
    {
        EngineCluster cluster = await Shared.Value;
        await cluster[0].PutAsync(("arrays", new byte[] { 1, 2 }, new[] { "a", "b" }, new List<int> { 3 }));
        await cluster.WhenEqualAsync();
        foreach (SuperCacheEngine reader in cluster.Engines)
        {
            Assert.True(reader.TryGet("arrays", out (string, byte[] Bytes, string[] Texts, List<int> Numbers) found));
            Assert.Equal([1, 2], found.Bytes);
            Assert.Equal(["a", "b"], found.Texts);
            Assert.Equal([3], found.Numbers);
        }
    }

    [Fact]
    public async Task UnsupportedValue_IsRefused_BeforeAnythingHasChanged()
    {
        EngineCluster cluster = await Shared.Value;
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            engine.Put(("colour", 1));
            var error = Assert.Throws<UnsupportedValueException>(() => engine.Put(("colour", Colour.Red)));
            Assert.Contains("Element 1", error.Message, StringComparison.Ordinal);
            Assert.Contains("WireTypeRegistry", error.Message, StringComparison.Ordinal);
            Assert.Throws<UnsupportedValueException>(() => engine.LazyPut(("colour", Colour.Red)));
            ITuple[] batch = [("first", 1), ("colour", new object())];
            Assert.Throws<UnsupportedValueException>(() => engine.PutBatch(batch));
            Assert.Equal([("colour", 1)], engine.GetByKey("colour"));
            Assert.Empty(engine.GetByKey("first"));
        }
    }

    [Fact]
    public async Task TypedRead_OfAnotherType_NamesBoth_AtEveryNode()
    {
        EngineCluster cluster = await Shared.Value;
        await cluster[0].PutAsync(("typed", 1));
        await cluster.WhenEqualAsync();
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            Assert.Throws<RecordTypeException>(() => engine.TryGet("typed", out (string, long) _));
            Assert.Throws<RecordTypeException>(() => engine.Get<(string, long)>(("typed", 1)));
        }
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    [InlineData(ReplicationMode.Strong)]
    public async Task RecordThatItsPrimaryCannotRead_IsRefused_AndStoredNowhere(ReplicationMode mode)
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            options.ReplicationMode = mode;
            if (nodes++ == 0)
            {
                options.WireTypes.AddEnum<Colour>("colour");
            }
        });
        SuperCacheEngine primary = cluster[1];
        string key = Enumerable.Range(0, 1_000).Select(i => "key" + i)
            .First(k => cluster.PrimaryOf(primary.Partitions.IndexOf(k)) == primary);
        foreach (ITuple record in (ITuple[])[(key, Colour.Red), (key, (object)Colour.Red)])
        {
            var error = await Assert.ThrowsAsync<UnsupportedValueException>(() => cluster[0].PutAsync(record).AsTask());
            Assert.Contains("every node", error.Message, StringComparison.Ordinal);
            ITuple[] batch = [(key, 1), record];
            await Assert.ThrowsAsync<UnsupportedValueException>(() => cluster[0].PutBatchAsync(batch).AsTask());
        }

        await cluster.WhenEqualAsync();
        Assert.All(cluster.Engines, engine => Assert.Empty(engine.GetByKey(key)));
    }

    /// <summary>A replica that does not know a type lacks those records; everything else it holds is right.</summary>
    [Fact]
    public async Task RecordThatAReplicaCannotRead_SpoilsNoOther()
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            options.ReplicationMode = ReplicationMode.Sync;
            if (nodes++ == 0)
            {
                options.WireTypes.AddEnum<Colour>("colour");
            }
        });
        (SuperCacheEngine knows, SuperCacheEngine lacks) = (cluster[0], cluster[1]);
        string[] led = [.. Enumerable.Range(0, 2_000).Select(i => "key" + i)
            .Where(k => cluster.PrimaryOf(knows.Partitions.IndexOf(k)) == knows)];
        int partition = knows.Partitions.IndexOf(led[0]);
        string[] keys = [.. led.Where(k => knows.Partitions.IndexOf(k) == partition)];
        string other = led.First(k => knows.Partitions.IndexOf(k) != partition);

        (string, object)[] batch = [(keys[0], 1), (keys[1], Colour.Red), (keys[2], "old")];
        await knows.PutBatchAsync(batch);
        await knows.PutAsync((keys[2], (object)"new"));
        await knows.PutBatchAsync(((string, object)[])[(other, 2)]);
        await cluster.WhenEqualAsync();

        long[] counts = [CountOf(knows, partition), CountOf(lacks, partition),
            CountOf(lacks, knows.Partitions.IndexOf(other))];
        Assert.Equal([3, 2, 1], counts);
        Assert.Equal([(keys[2], (object)"new")], lacks.GetByKey(keys[2]));
        Assert.Equal([(keys[0], (object)1)], lacks.GetByKey(keys[0]));
        Assert.Equal(1, cluster.Faults.Take());

        static long CountOf(SuperCacheEngine engine, int partition) => EngineCluster.LookAt(
            engine, n => n.Replicas[partition].Copy!.State.CountOf((int)TableId.Records));
    }

    [Fact]
    public async Task RecordThatAReplicaCannotRead_LeavesNoOldOneThere()
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            options.ReplicationMode = ReplicationMode.Sync;
            if (nodes++ == 0)
            {
                options.WireTypes.AddEnum<Colour>("colour");
            }
        });
        (SuperCacheEngine knows, SuperCacheEngine lacks) = (cluster[0], cluster[1]);
        string key = Enumerable.Range(0, 2_000).Select(i => "key" + i)
            .First(k => cluster.PrimaryOf(knows.Partitions.IndexOf(k)) == knows);
        await knows.PutAsync((key, (object)"old"));
        await knows.PutAsync((key, (object)Colour.Red));
        await cluster.WhenEqualAsync();
        IReadOnlyList<ITuple> there = lacks.GetByKey(key);
        cluster.Faults.Take();
        Assert.Empty(there);
    }

    private static Lazy<Task<EngineCluster>> Shared { get; } = new(() => EngineCluster.StartAsync(nodes: 3));
}
