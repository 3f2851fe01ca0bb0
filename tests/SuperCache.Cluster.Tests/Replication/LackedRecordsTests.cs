using SuperCache.Partitions;
using SuperCache.Replication.Operations;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

/// <summary>Records that a node cannot read keep their places, one record or thousands of one key.</summary>
public class LackedRecordsTests
{
    private const TableId Table = TableId.Records;
    private const string Key = "key";

    private readonly LackedRecords _lacked = new();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(5_000)]
    public void Add_TakesThePlaceOfAnEqualRecord_UnlessBothMayStand(int count)
    {
        Add(0, count, deadline: 1);
        Add(0, count, deadline: 2);
        Assert.Equal(Expected(0, count, deadline: 2), Records());

        Add(0, count, deadline: 3, allowsEqual: true);
        Assert.Equal([.. Expected(0, count, deadline: 2), .. Expected(0, count, deadline: 3)], Records());
    }

    [Theory]
    [InlineData(12)]
    [InlineData(5_000)]
    public void Add_FindsEachRecordAtItsNewPlace_AfterOthersHaveGone(int count)
    {
        int half = count / 2;
        Add(0, count, deadline: 1);
        Add(0, count, deadline: 2);

        Assert.Equal([0, 1], _lacked.RemoveSome(Table, Key, [.. Enumerable.Range(0, half), count, count + 1]));
        Assert.Equal(Expected(half, count, deadline: 2), Records());

        Add(0, count, deadline: 3);
        Assert.Equal([.. Expected(half, count, deadline: 3), .. Expected(0, half, deadline: 3)], Records());
    }

    [Fact]
    public void Records_StandBehindThoseThatCouldBeReadWhenTheyCame()
    {
        const int Count = 5_000;
        for (int i = 0; i < Count; i++)
        {
            Add(i, i + 1, deadline: 1, readable: i);
        }

        Add(0, Count, deadline: 2, readable: Count);

        Assert.Equal(
            Enumerable.Range(0, Count).SelectMany(i => (int[])[i, -1]).SkipLast(1),
            Records(readable: Count - 1).Select(record => record.Number));
        Assert.Equal((2 * 7) + 1, _lacked.PlaceOf(Table, Key, 7));
        Assert.Null(_lacked.Extend(Table, Key, 14, deadline: 9));
        Assert.Equal(7, _lacked.Extend(Table, Key, 15, deadline: 9));
        Assert.Equal([(7, 9L)], Records().Where(record => record.Deadline == 9));
    }

    [Fact]
    public void Keys_HaveRecordsOfTheirOwn()
    {
        Add(0, 20, deadline: 1);
        Add(0, 20, deadline: 2, key: "other");
        Add(0, 20, deadline: 3, key: "other");
        _lacked.Remove(Table, "other");

        Assert.Equal(Expected(0, 20, deadline: 1), Records());
        Assert.False(_lacked.Has(Table, "other"));
    }

    private static IEnumerable<(int Number, long Deadline)> Expected(int from, int to, long deadline) =>
        Enumerable.Range(from, to - from).Select(i => (i, deadline));

    /// <summary>Adds the records of some numbers, each with bytes of its own.</summary>
    private void Add(
        int from, int to, long deadline, int readable = 0, bool allowsEqual = false, string key = Key)
    {
        for (int i = from; i < to; i++)
        {
            byte[] value = [0, 0, .. BitConverter.GetBytes(i)];
            var put = new Effect(EffectKind.Put, (int)Table, [], value, deadline);
            _lacked.Add(Table, key, readable, put, value.AsMemory(2), allowsEqual);
        }
    }

    /// <summary>The records of the key in their order, each that can be read as -1.</summary>
    private IEnumerable<(int Number, long Deadline)> Records(int readable = 0)
    {
        var put = new Effect(EffectKind.Put, (int)Table, [], [0, 0, .. BitConverter.GetBytes(-1)]);
        List<Effect> records = [.. Enumerable.Repeat(put, readable)];
        _lacked.InsertInto(records, 0, Table, Key);
        return records.Select(record => (BitConverter.ToInt32(record.Value.AsSpan(2)), record.Deadline));
    }
}
