using CsCheck;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class RecordIndexTests
{
    private static readonly KeyHasher Hasher = new(12345);

    [Fact]
    public void Put_FindsEveryKey_WhileTheIndexGrowsAndShrinks()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        const int Keys = 60_000;
        for (int i = 0; i < Keys; i++)
        {
            Assert.False(index.Put((i, i), null, Hasher.Hash(i), out _));
            Assert.True(index.TryFind(i / 2, Hasher.Hash(i / 2), out (int, int) found, out _));
            Assert.Equal(i / 2, found.Item2);
        }

        Assert.Equal(Keys, index.Count);
        for (int i = 0; i < Keys; i++)
        {
            Assert.True(index.Remove(i, Hasher.Hash(i), out _));
            Assert.False(index.TryFind(i, Hasher.Hash(i), out _, out _));
            int last = Keys - 1;
            Assert.Equal(i != last, index.TryFind(last, Hasher.Hash(last), out _, out _));
        }

        Assert.Equal(0, index.Count);
        Assert.Empty(VisitAll(index));
    }

    [Fact]
    public void Index_EqualsADictionary_ForAnyPutsAndRemovals() =>
        Gen.Select(Gen.Int[0, 300], Gen.Bool, Gen.Int).Array[0, 3_000].Sample(steps =>
        {
            RecordIndex<(long, int)> index = New<(long, int)>();
            var expected = new Dictionary<long, int>();
            foreach ((int number, bool isPut, int value) in steps)
            {
                long key = (long)number << 33;
                if (isPut)
                {
                    Assert.Equal(expected.ContainsKey(key), index.Put((key, value), null, Hasher.Hash(key), out _));
                    expected[key] = value;
                }
                else
                {
                    Assert.Equal(expected.Remove(key), index.Remove(key, Hasher.Hash(key), out _));
                }
            }

            Assert.Equal(expected.Count, index.Count);
            Assert.Equal(expected.OrderBy(p => p.Key).Select(p => (p.Key, p.Value)), VisitAll(index).Order());
        }, iter: 60);

    [Fact]
    public void Index_WorksAsOthers_WhenAllKeysCollide()
    {
        const int Keys = 5_000;
        RecordIndex<(CollidingKey, int)> index = New<(CollidingKey, int)>();
        for (int i = 0; i < Keys; i++)
        {
            var key = new CollidingKey(i);
            Assert.False(index.Put((key, i), null, Hasher.Hash(key), out _));
        }

        for (int i = 0; i < Keys; i++)
        {
            var key = new CollidingKey(i);
            Assert.True(index.TryFind(key, Hasher.Hash(key), out (CollidingKey, int) found, out _));
            Assert.Equal(i, found.Item2);
            Assert.True(index.Put((key, -i), null, Hasher.Hash(key), out _));
        }

        Assert.Equal(Keys, index.Count);
        Assert.Equal(Keys, VisitAll(index).Distinct().Count());
        for (int i = 0; i < Keys; i++)
        {
            var key = new CollidingKey(i);
            Assert.True(index.Remove(key, Hasher.Hash(key), out _));
            Assert.False(index.TryFind(key, Hasher.Hash(key), out _, out _));
        }

        Assert.Equal(0, index.Count);
        Assert.Empty(VisitAll(index));
    }

    [Fact]
    public void Index_FindsValueKeys_WhenTheyCollide()
    {
        RecordIndex<(CollidingValue, int)> index = New<(CollidingValue, int)>();
        for (int i = 0; i < 500; i++)
        {
            index.Put((new CollidingValue(i), i), null, Hasher.Hash(new CollidingValue(i)), out _);
        }

        for (int i = 0; i < 500; i++)
        {
            Assert.True(index.TryFind(
                new CollidingValue(i), Hasher.Hash(new CollidingValue(i)), out (CollidingValue, int) found, out _));
            Assert.Equal(i, found.Item2);
        }

        Assert.False(index.TryFind(new CollidingValue(500), Hasher.Hash(new CollidingValue(500)), out _, out _));
    }

    [Fact]
    public void Lookups_CompareFewKeys_BesideAFloodOfCollidingOnes()
    {
        RecordIndex<(CountingKey, int)> index = New<(CountingKey, int)>();
        const int Others = 2_000;
        for (int i = 0; i < 5_000; i++)
        {
            var key = new CountingKey(-i, 42);
            index.Put((key, i), null, Hasher.Hash(key), out _);
        }

        for (int i = 1; i <= Others; i++)
        {
            var key = new CountingKey(i, i * 7919);
            index.Put((key, i), null, Hasher.Hash(key), out _);
        }

        CountingKey.Comparisons = 0;
        for (int i = 1; i <= Others; i++)
        {
            var key = new CountingKey(i, i * 7919);
            Assert.True(index.TryFind(key, Hasher.Hash(key), out _, out _));
            var absent = new CountingKey(i, i * 104_729 + 1);
            Assert.False(index.TryFind(absent, Hasher.Hash(absent), out _, out _));
        }

        Assert.InRange(CountingKey.Comparisons, Others, Others * 3);
    }

    [Fact]
    public void Index_KeepsEveryKey_WhenCollidingOnesLeaveAndEnterTheOverflow()
    {
        RecordIndex<(object, int)> index = New<(object, int)>();
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 100; i++)
            {
                Put(new CollidingKey(i));
            }

            for (int i = 0; i < 4_000; i++)
            {
                Put(i);
            }

            for (int i = 0; i < 60; i++)
            {
                Assert.True(index.Remove(new CollidingKey(i), Hasher.Hash(new CollidingKey(i)), out _));
            }

            for (int i = 4_000; i < 12_000; i++)
            {
                Put(i);
            }

            for (int i = 60; i < 100; i++)
            {
                Assert.True(index.TryFind((object)new CollidingKey(i), Hasher.Hash(new CollidingKey(i)), out _, out _));
            }

            Assert.Equal(40 + 12_000, VisitAll(index).Select(slot => slot.Item1).Distinct().Count());
            Assert.Equal(40 + 12_000, index.Count);
            for (int i = 0; i < 12_000; i++)
            {
                Assert.True(index.Remove(i, Hasher.Hash(i), out _));
            }

            Assert.Equal(40, VisitAll(index).Count);
        }

        void Put(object key) => index.Put((key, 0), null, Hasher.Hash(key), out _);
    }

    [Fact]
    public void Index_StaysSmall_WhileKeysComeAndGo()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        for (int i = 0; i < 100_000; i++)
        {
            index.Put((i, i), null, Hasher.Hash(i), out _);
            if (i >= 50)
            {
                Assert.True(index.Remove(i - 50, Hasher.Hash(i - 50), out _));
            }
        }

        Assert.Equal(50, index.Count);
        Assert.Equal(Enumerable.Range(99_950, 50), VisitAll(index).Select(slot => slot.Item1).Order());
        Assert.InRange(index.Capacity, 50, 256);
    }

    [Fact]
    public void Reads_AreCountedInTheEntry_AndSurviveARebuild()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        var keeper = new NodeKeeper(TimeProvider.System, null, () => { });
        var table = new SetTable(0, TimeProvider.System, keeper, 1, _ => { });
        var node = new EntryNode();
        index.Put((1, 1), node, Hasher.Hash(1), out _);
        keeper.Join(node, table, index, Hasher.Hash(1));
        Lane<(int, int)> lane = Lanes.Open(index, Hasher);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(LaneRead.Unclear, lane.TryGet(1, out (int, int) _));
            Assert.Equal(LaneRead.Hit, lane.TryGetAnew(1, out (int, int) _));
        }

        for (int i = 2; i < 1_000; i++)
        {
            index.Put((i, i), null, Hasher.Hash(i), out _);
        }

        Assert.Equal(3, node.Hits);
        Assert.Equal(3, node.TakeHits());
        Assert.Equal(0, node.Hits);
        for (int i = 0; i < 100; i++)
        {
            lane.TryGetAnew(1, out (int, int) _);
        }

        Assert.Equal(EntryNode.MaxHits, node.TakeHits());
    }

    [Fact]
    public void Lane_HidesAPartition_ThatHasGrownOutOfAllProportion()
    {
        const int Partitions = 1 << 16;
        RecordIndex<(int, int)> index = New<(int, int)>();
        var lane = new Lane<(int, int)>(index.Key, Lanes.Terms(Hasher, Partitions));
        var segment = new Segment<(int, int)>(index, 16, depth: 0);
        int key = Enumerable.Range(0, int.MaxValue).First(i => HashBits.Partition(Hasher.Hash(i), Partitions) == 0);

        Assert.True(lane.Show(0, [segment], 0, 1));
        Assert.Equal(LaneRead.Miss, lane.TryGet(key, out _));

        Assert.False(lane.Show(0, [.. Enumerable.Repeat(segment, 128)], 0, 128));
        Assert.Equal(LaneRead.Unclear, lane.TryGet(key, out _));
    }

    private static RecordIndex<TRecord> New<TRecord>() => new(RecordLayout<TRecord>.At(0), TimeProvider.System);

    private static List<TSlot> VisitAll<TSlot>(RecordIndex<TSlot> index)
    {
        var slots = new List<TSlot>();
        index.Visit(new Collector<TSlot>(slots));
        return slots;
    }

    private sealed class Collector<TSlot>(List<TSlot> slots) : SlotVisitor<TSlot>
    {
        public override void Visit(in TSlot slot, EntryNode? node) => slots.Add(slot);
    }

    private sealed class CountingKey(int number, int code)
    {
        public static int Comparisons { get; set; }

        private int Number { get; } = number;

        public override bool Equals(object? obj)
        {
            Comparisons++;
            return obj is CountingKey other && other.Number == Number && other.GetHashCode() == GetHashCode();
        }

        public override int GetHashCode() => code;
    }
}
