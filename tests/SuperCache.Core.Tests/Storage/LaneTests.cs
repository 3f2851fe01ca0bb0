using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>What the two reads of a lane say, and when they must not say it.</summary>
public sealed class LaneTests
{
    private const int Absent = 1_000_000;

    private static readonly KeyHasher Hasher = new(12345);

    [Fact]
    public void Reads_AreUnclear_WhereAPartitionIsHidden()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Open(index);
        Put(index, 1, (1, 10));
        Assert.Equal(LaneRead.Miss, lane.TryGet(Absent, out _));
        Assert.Equal(LaneRead.Miss, lane.TryGetAnew(Absent, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGet(1, out (int, int) record));
        Assert.Equal((1, 10), record);

        index.LeaveLane();
        foreach (int key in (int[])[1, Absent])
        {
            Assert.Equal(LaneRead.Unclear, lane.TryGet(key, out _));
            Assert.Equal(LaneRead.Unclear, lane.TryGetAnew(key, out _));
        }

        Open(index, lane);
        Assert.Equal(LaneRead.Hit, lane.TryGet(1, out _));
        Assert.Equal(LaneRead.Miss, lane.TryGet(Absent, out _));
    }

    [Fact]
    public void Miss_IsUnclear_IfAPartitionWasHiddenSinceItBegan_L1()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Open(index);
        int began = Inside<(int, int)>.Closings(lane);
        Assert.Equal(LaneRead.Miss, Inside<(int, int)>.EndMiss(lane, header: 0, began));

        // Shown again, too: the key may have left between.
        index.LeaveLane();
        Assert.Equal(LaneRead.Unclear, Inside<(int, int)>.EndMiss(lane, header: 0, began));
        Open(index, lane);
        Assert.Equal(LaneRead.Unclear, Inside<(int, int)>.EndMiss(lane, header: 0, began));
        Assert.Equal(
            LaneRead.Miss, Inside<(int, int)>.EndMiss(lane, header: 0, Inside<(int, int)>.Closings(lane)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Misses_AreUnclear_OnceAnIndexHasHadAnOverflow_L1(bool isOpenedFirst)
    {
        // The overflow holds keys of which no segment of the lane knows.
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)>? lane = isOpenedFirst ? Open(index) : null;
        Put(index, 0, (0, 0));
        for (int key = 1; key <= HashBits.AlikeLimit; key++)
        {
            index.Put((key, key), null, Hasher.Hash(1), out _);
        }

        if (lane is not null)
        {
            Assert.Equal(LaneRead.Miss, lane.TryGet(Absent, out _));
        }

        index.Put((Absent, 7), null, Hasher.Hash(1), out _);
        lane ??= Open(index);
        Assert.Equal(LaneRead.Unclear, lane.TryGet(Absent, out _));
        Assert.Equal(LaneRead.Unclear, lane.TryGetAnew(Absent, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGet(0, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGet(1, out _));

        index.Reset();
        Assert.Equal(LaneRead.Unclear, lane.TryGet(Absent, out _));
    }

    [Fact]
    public void TryGet_LeavesAllToTheOther_OnceANotedEntryWasRead()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Open(index);
        var keeper = new NodeKeeper(TimeProvider.System, null, () => { });
        var node = new EntryNode();
        index.Put((1, 10), node, Hasher.Hash(1), out _);
        keeper.Join(node, new SetTable(0, TimeProvider.System, keeper, 1, _ => { }), index, Hasher.Hash(1));
        Put(index, 2, (2, 20));

        Assert.Equal(LaneRead.Hit, lane.TryGet(2, out _));
        Assert.Equal(LaneRead.Unclear, lane.TryGet(1, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGet(2, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGetAnew(1, out (int, int) record));
        Assert.Equal((1, 10), record);

        foreach (int key in (int[])[1, 2, Absent])
        {
            Assert.Equal(LaneRead.Unclear, lane.TryGet(key, out _));
        }

        Assert.Equal(LaneRead.Hit, lane.TryGetAnew(1, out _));
        Assert.Equal(LaneRead.Hit, lane.TryGetAnew(2, out record));
        Assert.Equal((2, 20), record);
        Assert.Equal(LaneRead.Miss, lane.TryGetAnew(Absent, out _));
    }

    [Fact]
    public async Task Reads_TellNoMiss_OfAKeyThatLeavesWhileItsPartitionIsHidden_L1()
    {
        const int Rounds = 100_000;
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Open(index);
        Put(index, 1, (1, 1));
        var writer = Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                index.LeaveLane();
                Assert.True(index.Remove(1, Hasher.Hash(1), out _));
                Put(index, 1, (1, i));
                Open(index, lane);
            }
        });
        Assert.Equal(0, MissesUntil(writer, lane, keys: 1));
        await writer;
    }

    [Fact]
    public async Task Reads_TellNoMiss_WhileTheLaneGrowsAndSegmentsAreExchanged()
    {
        const int Kept = 64;
        const int Most = 40_000;
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Open(index);
        for (int key = 1; key <= Kept; key++)
        {
            Put(index, key, (key, 0));
        }

        var writer = Task.Run(() =>
        {
            for (int key = Kept + 1; key < Most; key++)
            {
                Put(index, key, (key, 0));
            }

            for (int key = Kept + 1; key < Most; key++)
            {
                Assert.True(index.Remove(key, Hasher.Hash(key), out _));
            }
        });
        Assert.Equal(0, MissesUntil(writer, lane, Kept));
        await writer;
    }

    [Fact]
    public async Task TryGet_NeverMisses_AKeyWhoseRecordChangesItsType()
    {
        // In each partition the first record of another type shuts the short cut, once.
        const int Lives = 20;
        const int Keys = 400;
        for (int life = 0; life < Lives; life++)
        {
            await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(
                new SuperCacheOptions { PartitionCount = 64 });
            for (int i = 0; i < Keys; i++)
            {
                cache.Put((i, i));
            }

            int key = 0;
            var writer = Task.Run(() =>
            {
                for (int i = 0; i < Keys; i++)
                {
                    Volatile.Write(ref key, i);
                    cache.Put((i, "other"));
                    cache.Put((i, i));
                }
            });
            while (!writer.IsCompleted)
            {
                Assert.True(IsThere(cache, Volatile.Read(ref key)), "A key that is there was missed.");
            }

            await writer;
            Assert.Equal(Keys, cache.GetStatistics().TotalCount);
        }

        static bool IsThere(SuperCacheEngine cache, int key)
        {
            try
            {
                return cache.TryGet(key, out (int, int) _);
            }
            catch (RecordTypeException)
            {
                return true;
            }
        }
    }

    private static int MissesUntil(Task end, Lane<(int, int)> lane, int keys)
    {
        int misses = 0;
        for (int i = 0; !end.IsCompleted; i++)
        {
            int key = 1 + (i % keys);
            misses += lane.TryGet(key, out _) == LaneRead.Miss ? 1 : 0;
            misses += lane.TryGetAnew(key, out _) == LaneRead.Miss ? 1 : 0;
        }

        return misses;
    }

    private static RecordIndex<TRecord> New<TRecord>() => new(RecordLayout<TRecord>.At(0), TimeProvider.System);

    private static Lane<TRecord> Open<TRecord>(RecordIndex<TRecord> index, Lane? lane = null) =>
        Lanes.Open(index, Hasher, lane);

    private static void Put<TKey, TRecord>(RecordIndex<TRecord> index, TKey key, TRecord record) =>
        index.Put(in record, null, Hasher.Hash(key), out _);

    /// <summary>The end of a miss and what it goes by: no test can stop a read in between.</summary>
    private static class Inside<TContent>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_closings")]
        public static extern ref int Closings(Lane<TContent> lane);

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "EndMiss")]
        public static extern LaneRead EndMiss(Lane<TContent> lane, ulong header, int closings);
    }
}
