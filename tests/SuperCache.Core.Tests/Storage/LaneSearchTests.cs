using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>A lane finds what is in its segments and nothing else, whatever the size of a slot.</summary>
public sealed class LaneSearchTests
{
    private static readonly KeyHasher Hasher = new(12345);

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(40)]
    public void TryGet_FindsWhatIsThereAndNothingElse_AtEveryLoad(int slotSize) => ForSlotsOf(slotSize, new Loads());

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(40)]
    public void TryGet_EndsWithinTheSlots_WhenTheLastOnesAreTaken(int slotSize) =>
        ForSlotsOf(slotSize, new LastSlots());

    [Fact]
    public void TryGet_TakesNoEmptySlot_ForTheEntryOfPosition0()
    {
        // What is empty has position 0, too.
        LeaveGapsAround0(key => (key, -key));
        LeaveGapsAround0(key => (key, (long)key));
        LeaveGapsAround0(key => (key, Guid.Empty));
    }

    /// <summary>Key 0 in each place behind its home, with each choice of its neighbours gone.</summary>
    private static void LeaveGapsAround0<TRecord>(Func<int, TRecord> recordOf)
    {
        const int Neighbours = 7;
        Assert.Equal(0U, PositionOf(0));
        int[] others = [.. Enumerable.Range(1, int.MaxValue).Where(IsAtHomeInTheFirst).Take(Neighbours)];
        for (int round = 0; round < (Neighbours + 1) << Neighbours; round++)
        {
            RecordIndex<TRecord> index = New<TRecord>();
            Lane<TRecord> lane = Open(index);
            int place = round >> Neighbours;
            foreach (int key in (int[])[.. others[..place], 0, .. others[place..]])
            {
                AssertRead(lane, key, recordOf(key), isThere: false);
                Put(index, key, recordOf(key));
            }

            for (int i = 0; i < Neighbours; i++)
            {
                if ((round & (1 << i)) != 0)
                {
                    Assert.True(index.Remove(others[i], Hasher.Hash(others[i]), out _));
                }
            }

            AssertRead(lane, 0, recordOf(0), isThere: true);
            Assert.True(index.Remove(0, Hasher.Hash(0), out _));
            AssertRead(lane, 0, recordOf(0), isThere: false);
            for (int i = 0; i < Neighbours; i++)
            {
                AssertRead(lane, others[i], recordOf(others[i]), (round & (1 << i)) == 0);
            }
        }

        static bool IsAtHomeInTheFirst(int key) => HashBits.Home(PositionOf(key), 0, RecordIndex.FirstCapacity) == 0;

        static uint PositionOf(int key) => HashBits.Position(Hasher.Hash(key), 1);
    }

    private static void ForSlotsOf(int size, Check check)
    {
        switch (size)
        {
            case 16:
                check.Run(size, i => i, i => (i, -i));
                break;
            case 24:
                check.Run(size, i => i, i => (i, -(long)i));
                break;
            case 32:
                check.Run(size, GuidOf, i => (GuidOf(i), -(long)i));
                break;
            default:
                check.Run(size, GuidOf, i => (GuidOf(i), GuidOf(-i)));
                break;
        }

        static Guid GuidOf(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static RecordIndex<TRecord> New<TRecord>() => new(RecordLayout<TRecord>.At(0), TimeProvider.System);

    private static Lane<TRecord> Open<TRecord>(RecordIndex<TRecord> index) =>
        Lanes.Open(index, Hasher);

    private static void Put<TKey, TRecord>(RecordIndex<TRecord> index, TKey key, TRecord record) =>
        index.Put(in record, null, Hasher.Hash(key), out _);

    private static void AssertRead<TKey, TRecord>(Lane<TRecord> lane, TKey key, TRecord record, bool isThere)
    {
        LaneRead read = lane.TryGet(key, out TRecord found);
        if (read != (isThere ? LaneRead.Hit : LaneRead.Miss)
            || (isThere && !EqualityComparer<TRecord>.Default.Equals(found, record)))
        {
            Assert.Fail($"{key} {(isThere ? "is" : "is not")} there, but the read was {read} with {found}.");
        }
    }

    private abstract class Check
    {
        public abstract void Run<TKey, TRecord>(int slotSize, Func<int, TKey> keyOf, Func<int, TRecord> recordOf)
            where TKey : struct;
    }

    /// <summary>Up through all sizes of a segment and its split, and down again; on the way some come and go.</summary>
    private sealed class Loads : Check
    {
        private const int Numbers = 2_600;

        public override void Run<TKey, TRecord>(int slotSize, Func<int, TKey> keyOf, Func<int, TRecord> recordOf)
        {
            RecordIndex<TRecord> index = New<TRecord>();
            Lane<TRecord> lane = Open(index);
            bool[] there = new bool[Numbers];
            int[] order = [.. Enumerable.Range(0, Numbers)];
            new Random(slotSize).Shuffle(order);
            for (int load = 0; load < Numbers; load++)
            {
                Set(order[load], true);
                Set(order[load / 2], false);
                Set(order[load / 2], true);
                LookAtAll(load);
            }

            new Random(-slotSize).Shuffle(order);
            for (int load = Numbers - 1; load >= 0; load--)
            {
                Set(order[load], false);
                LookAtAll(load);
            }

            void Set(int number, bool isPut)
            {
                TKey key = keyOf(number);
                AssertRead(lane, key, recordOf(number), there[number]);
                if (isPut)
                {
                    Put(index, key, recordOf(number));
                }
                else
                {
                    Assert.True(index.Remove(key, Hasher.Hash(key), out _));
                }

                there[number] = isPut;
                AssertRead(lane, key, recordOf(number), isPut);
            }

            void LookAtAll(int load)
            {
                for (int number = 0; (load < 64 || load % 128 == 0) && number < Numbers; number++)
                {
                    AssertRead(lane, keyOf(number), recordOf(number), there[number]);
                }
            }
        }
    }

    /// <summary>A segment whose entries are all at home in its last slot, up to the last that may be used.</summary>
    private sealed class LastSlots : Check
    {
        public override void Run<TKey, TRecord>(int slotSize, Func<int, TKey> keyOf, Func<int, TRecord> recordOf)
        {
            Assert.Equal(slotSize, Unsafe.SizeOf<Slot<TRecord>>());
            Assert.True(!SlotWindow<TRecord>.IsSupported || slotSize * Segment<TRecord>.Spare >= 64);
            foreach (int capacity in (int[])[16, 17, 18, 19, 96, 128])
            {
                RecordIndex<TRecord> index = New<TRecord>();
                var segment = new Segment<TRecord>(index, capacity, depth: 0);
                var lane = new Lane<TRecord>(index.Key, Lanes.Terms(Hasher));
                Assert.True(lane.Show(0, [segment], 0, 1));
                int[] last = [.. Enumerable.Range(0, int.MaxValue).Where(IsAtHomeInTheLast).Take(120)];
                int count = 0;
                while (segment.TryAdd(recordOf(last[count]), null, PositionOf(last[count]), 0))
                {
                    count++;
                    for (int i = 0; i < last.Length; i++)
                    {
                        AssertRead(lane, keyOf(last[i]), recordOf(last[i]), i < count);
                    }
                }

                Assert.Equal(Math.Min(capacity + 1, HashBits.ProbeLimit), count);

                bool IsAtHomeInTheLast(int number) => HashBits.Home(PositionOf(number), 0, capacity) == capacity - 1;
            }

            uint PositionOf(int number) => HashBits.Position(Hasher.Hash(keyOf(number)), 1);
        }
    }
}
