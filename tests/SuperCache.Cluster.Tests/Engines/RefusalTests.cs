using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Extensions.Time.Testing;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Changes of which a primary can make only a part, or none: what is acknowledged is stored, what is not is
/// said and counted.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.Bag)]
    public async Task DeleteAll_DeletesWhatThePrimaryCannotRead(TableKind kind)
    {
        int nodes = 0;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, options =>
        {
            (options.TableKind, options.ReplicationMode) = (kind, ReplicationMode.Sync);
            options.PartitionCount = 32;
            if (nodes++ != 1)
            {
                options.WireTypes.AddEnum<Shade>("shade");
            }
        });
        (SuperCacheEngine knows, SuperCacheEngine lacks) = (cluster[0], cluster[1]);
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => "key" + i)
            .Where(k => cluster.PrimaryOf(knows.Partitions.IndexOf(k)) == knows)];
        foreach (string key in keys)
        {
            await knows.PutAsync((key, (object)Shade.Dark));
        }

        SuperCacheEngine late = await cluster.AddAsync();
        await cluster.WhenWholeAsync();
        await cluster.StopAsync(knows);
        await cluster.WhenWholeAsync();
        string[] led = [.. keys.Where(k => cluster.PrimaryOf(late.Partitions.IndexOf(k)) == lacks)];
        Assert.NotEmpty(led);
        await lacks.DeleteAllAsync();
        await cluster.WhenEqualAsync();
        string[] alive = [.. led.Where(k => late.GetByKey(k, ReadMode.Local).Count > 0)];
        _ = cluster.Faults.Take();
        Assert.Empty(alive);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    public async Task PutBatch_SaysAndCountsWhatWasStored_WhenAComparisonThrows(ReplicationMode mode)
    {
        Picky.Throws = false;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, o =>
        {
            o.ReplicationMode = mode;
            o.WireTypes.Add("picky", new PickySerializer());
        });
        SuperCacheEngine engine = cluster[0];
        int last = engine.Partitions.IndexOf(new Picky(13));
        Picky same = Pickies(20, 1_000).First(p => engine.Partitions.IndexOf(p) == last);
        long puts = engine.GetStatistics().Puts;
        (Picky, int)[] batch =
        [
            .. Pickies(2_000, 200).Where(p => engine.Partitions.IndexOf(p) != last)
                .Append(same).Append(new Picky(13)).Select(p => (p, 1)),
        ];
        Exception error;
        try
        {
            Picky.Throws = true;
            error = Assert.ThrowsAny<Exception>(() => engine.PutBatch(batch));
        }
        finally
        {
            Picky.Throws = false;
        }

        long stored = engine.GetStatistics().TotalCount;
        Assert.True(stored == 0 || !error.Message.Contains("Nothing was changed", StringComparison.Ordinal));
        Assert.Equal(stored, engine.GetStatistics().Puts - puts);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    public async Task LazyPuts_AreStored_WhenAComparisonThrows(ReplicationMode mode)
    {
        Picky.Throws = false;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1, o =>
        {
            o.ReplicationMode = mode;
            o.PartitionCount = 1;
            o.WireTypes.Add("picky", new PickySerializer());
        });
        SuperCacheEngine engine = cluster[0];
        engine.Put((new Picky(1), 0));
        try
        {
            Picky.Throws = true;
            for (int i = 100; i < 200; i++)
            {
                engine.LazyPut((new Picky(i == 150 ? 13 : i), i));
            }

            // Together they are refused; each for itself, none meets the other.
            await engine.FlushAsync();
        }
        finally
        {
            Picky.Throws = false;
        }

        Assert.Equal(101, engine.GetStatistics().TotalCount);
    }

    [Theory]
    [InlineData(ReplicationMode.Async)]
    [InlineData(ReplicationMode.Sync)]
    public async Task BagPut_WhoseRecordComparisonThrows_IsNotAcknowledged(ReplicationMode mode)
    {
        Picky.Throws = false;
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 2, o =>
        {
            o.ReplicationMode = mode;
            o.TableKind = TableKind.Bag;
            o.WireTypes.Add("picky", new PickySerializer());
        });
        SuperCacheEngine engine = cluster.PrimaryOf(cluster[0].Partitions.IndexOf("k"));
        await engine.PutAsync(("k", new Picky(1)));
        Exception? error;
        try
        {
            Picky.Throws = true;
            error = await Record.ExceptionAsync(() => engine.PutAsync(("k", new Picky(13))).AsTask());
        }
        finally
        {
            Picky.Throws = false;
        }

        int there = (await engine.GetByKeyAsync("k")).Count;
        _ = cluster.Faults.Take();
        Assert.True(error is not null || there == 2);
    }

    [Fact]
    public async Task PutBatch_OfSeveralRounds_EndsAtItsAbsoluteExpiration()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes: 2, o => o.ReplicationMode = ReplicationMode.Sync, clock);
        (SuperCacheEngine engine, SuperCacheEngine other) = (cluster[0], cluster[1]);
        int partition = Enumerable.Range(0, 8).First(p => cluster.PrimaryOf(p) == other);
        (int, byte[])[] batch =
        [
            .. Enumerable.Range(0, 10_000).Where(k => engine.Partitions.IndexOf(k) == partition).Take(3)
                .Select(k => (k, new byte[300 << 10])),
        ];
        DateTimeOffset end = clock.GetUtcNow().AddMilliseconds(500);
        cluster.Links[0].IsCut = true;
        Task put = engine.PutBatchAsync(batch, new CacheEntryOptions { AbsoluteExpiration = end }).AsTask();
        await cluster.RunAsync(TimeSpan.FromMilliseconds(1_750));
        cluster.Links[0].IsCut = false;
        await cluster.DriveAsync(put);
        Assert.True(clock.GetUtcNow() > end);
        int[] there = new int[3];
        for (int i = 0; i < 3; i++)
        {
            there[i] = (await cluster.DriveAsync(other.GetByKeyAsync(batch[i].Item1, ReadMode.Primary).AsTask())).Count;
        }

        Assert.Equal([0, 0, 0], there);
    }

    private static IEnumerable<Picky> Pickies(int first, int count) =>
        Enumerable.Range(first, count).Select(i => new Picky(i));

    private enum Shade
    {
        Dark,
    }

    private sealed class Picky(int number)
    {
        public static bool Throws { get; set; }

        public int Number => number;

        public override bool Equals(object? obj)
        {
            if (obj is not Picky other || other.Number == number)
            {
                return obj is Picky;
            }

            return Throws && (number == 13 || other.Number == 13)
                ? throw new InvalidOperationException("not now") : false;
        }

        public override int GetHashCode() => 7;
    }

    private sealed class PickySerializer : IWireSerializer<Picky>
    {
        public void Serialize(Picky value, IBufferWriter<byte> target)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), value.Number);
            target.Advance(4);
        }

        public Picky Deserialize(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt32LittleEndian(source));
    }
}
