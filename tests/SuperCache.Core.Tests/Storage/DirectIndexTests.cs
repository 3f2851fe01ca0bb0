using SuperCache.Records;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>When an index has a part in a table by number, and what it shows there.</summary>
public sealed class DirectIndexTests
{
    private const int Many = 20_000;

    private static readonly KeyHasher Hasher = new(12345);

    [Theory]
    [InlineData(0)]
    [InlineData(-Many / 2)]
    [InlineData(3_000_000)]
    public void NumbersWithoutGaps_AreShown_HoweverTheyCome(int first)
    {
        int[][] orders =
        [
            [.. Enumerable.Range(first, Many)],
            [.. Enumerable.Range(first, Many).Reverse()],
            [.. Enumerable.Range(first, Many).OrderBy(i => Hasher.Hash(i))],
        ];
        foreach (int[] order in orders)
        {
            RecordIndex<(int, int)> index = New<(int, int)>();
            Lane<(int, int)> lane = Lanes.Open(index, Hasher);
            foreach (int key in order)
            {
                Put(index, key, (key, key * 2));
            }

            Assert.NotNull(lane.Direct!.Table);
            Assert.InRange(lane.Direct!.Table.Length, Many * 9 / 10, Many * 4);
            Finish(index, order);
            int shown = order.Count(key => Shows(lane, key, (key, key * 2)));
            Assert.True(shown >= Many * 9 / 10, $"Only {shown} of {Many} are shown.");
        }
    }

    [Fact]
    public void Longs_AreShown_AndNotFoundAsInts()
    {
        RecordIndex<(long, int)> index = New<(long, int)>();
        LaneTerms terms = Lanes.Terms(Hasher);
        var lane = (Lane<(long, int)>)index.ShowIn(null, terms, 0);
        for (long key = 0; key < Many; key++)
        {
            Put(index, key, (key, 1));
        }

        Assert.NotNull(lane.Direct!.Table);
        Assert.True(terms.Direct.TryGet(5L, out (long, int) found));
        Assert.Equal((5L, 1), found);
        Assert.False(terms.Direct.TryGet(5, out (long, int) _));
        Assert.False(terms.Direct.TryGet(5L, out (long, long) _));
        Assert.Equal(1, terms.Tally.Total().Hits);
    }

    [Fact]
    public void NumbersWithGaps_HaveNoTable()
    {
        Func<int, int>[] patterns = [i => i * 10, i => i * 1_024, i => (int)((uint)i * 2654435761u)];
        foreach (Func<int, int> key in patterns)
        {
            RecordIndex<(int, int)> index = New<(int, int)>();
            Lane<(int, int)> lane = Lanes.Open(index, Hasher);
            for (int i = 0; i < Many; i++)
            {
                Put(index, key(i), (key(i), i));
            }

            Assert.Null(lane.Direct!.Table);
        }
    }

    [Fact]
    public void LargeRecords_HaveNoTable()
    {
        RecordIndex<(int, Guid, Guid)> index = New<(int, Guid, Guid)>();
        Lane<(int, Guid, Guid)> lane = Lanes.Open(index, Hasher);
        for (int i = 0; i < Many; i++)
        {
            Put(index, i, (i, Guid.Empty, Guid.Empty));
        }

        Assert.Null(lane.Direct);
    }

    [Fact]
    public void WhatChanges_IsHidden_N1()
    {
        (RecordIndex<(int, int)> index, Lane<(int, int)> lane) = Filled();
        Assert.True(Shows(lane, 7, (7, 14)));

        Put(index, 7, (7, 15));
        Assert.True(Shows(lane, 7, (7, 15)));

        Assert.True(index.Remove(7, Hasher.Hash(7), out _));
        Assert.False(IsShown(lane, 7));

        var keeper = new NodeKeeper(TimeProvider.System, null, () => { });
        var node = new EntryNode();
        index.Put((8, 16), node, Hasher.Hash(8), out _);
        keeper.Join(node, new SetTable(0, TimeProvider.System, keeper, 1, _ => { }), index, Hasher.Hash(8));
        Assert.False(IsShown(lane, 8));
        Put(index, 8, (8, 17));
        Assert.True(Shows(lane, 8, (8, 17)));

        // A key of another type is another key.
        Assert.False(index.Remove(9L, Hasher.Hash(9L), out _));
        Assert.True(IsShown(lane, 9));
    }

    [Fact]
    public void WhatIsNoted_IsNotShown_ByATableThatIsMadeLater()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Lanes.Open(index, Hasher);
        var keeper = new NodeKeeper(TimeProvider.System, null, () => { });
        var table = new SetTable(0, TimeProvider.System, keeper, 1, _ => { });
        for (int key = 0; key < Many; key++)
        {
            EntryNode? node = key % 10 == 0 ? new EntryNode() : null;
            index.Put((key, key), node, Hasher.Hash(key), out _);
            keeper.Join(node, table, index, Hasher.Hash(key));
        }

        Assert.NotNull(lane.Direct!.Table);
        Assert.All(Enumerable.Range(0, Many), key => Assert.False(key % 10 == 0 && IsShown(lane, key)));
        Assert.True(IsShown(lane, 1));
    }

    [Fact]
    public void AnIndexThatLeaves_ShowsNothing_AndEverythingWhenItIsBack()
    {
        (RecordIndex<(int, int)> index, Lane<(int, int)> lane) = Filled();
        index.LeaveLane();
        Put(index, 7, (7, 15));
        Assert.All(Enumerable.Range(0, Many), key => Assert.False(IsShown(lane, key)));

        Lanes.Open(index, Hasher, lane);
        Assert.False(IsShown(lane, 7));
        for (int key = 10; key < Many; key++)
        {
            Put(index, key, (key, key * 2));
        }

        Assert.NotNull(lane.Direct!.Table);
        Assert.True(Shows(lane, 7, (7, 15)));
        Assert.True(Shows(lane, 8, (8, 16)));
    }

    [Fact]
    public void ATable_IsMadeAgain_WhenAnIndexOfSeveralHasLeft()
    {
        const int Partitions = 4;
        LaneTerms terms = Lanes.Terms(Hasher, Partitions);
        RecordIndex<(int, int)>[] indexes =
            [.. Enumerable.Range(0, Partitions).Select(_ => New<(int, int)>(Partitions))];
        Lane? lane = null;
        for (int i = 0; i < Partitions; i++)
        {
            lane = indexes[i].ShowIn(lane, terms, i);
        }

        for (int round = 0; round < 2; round++)
        {
            for (int key = 0; key < Many; key++)
            {
                int partition = HashBits.Partition(Hasher.Hash(key), Partitions);
                if (round == 0 || partition != 0)
                {
                    Put(indexes[partition], key, (key, round));
                }
            }

            Assert.NotNull(terms.Direct.Table<(int, int)>(KeyKind.Int32));
            for (int key = 0; key < Many; key++)
            {
                int partition = HashBits.Partition(Hasher.Hash(key), Partitions);
                bool isShown = terms.Direct.TryGet(key, out (int, int) found);
                Assert.True(isShown ? found == (key, round) : round == 0 || partition == 0 || key > Many * 9 / 10);
            }

            if (round == 0)
            {
                indexes[0].LeaveLane();
                Assert.Null(terms.Direct.Table<(int, int)>(KeyKind.Int32));
            }
        }
    }

    [Fact]
    public void AnIndexThatIsCleared_ShowsNothing_AndTheTableGoes()
    {
        (RecordIndex<(int, int)> index, Lane<(int, int)> lane) = Filled();
        index.Reset();
        Assert.Null(lane.Direct!.Table);

        Put(index, 7, (7, 1));
        for (int key = 0; key < Many; key++)
        {
            Put(index, key, (key, 2));
        }

        Assert.NotNull(lane.Direct.Table);
        Assert.True(Shows(lane, 7, (7, 2)));
    }

    [Fact]
    public void ATable_IsGivenUp_WhenHardlyAnyKeyIsLeft()
    {
        (RecordIndex<(int, int)> index, Lane<(int, int)> lane) = Filled();
        int before = lane.Direct!.Table!.Length;
        for (int key = 0; key < Many - 100; key++)
        {
            Assert.True(index.Remove(key, Hasher.Hash(key), out _));
        }

        Assert.True(lane.Direct!.Table is not { } table || table.Length < before / 10);
    }

    [Fact]
    public void AClosedLane_ShowsNothing_AndMakesNoTable()
    {
        (RecordIndex<(int, int)> index, Lane<(int, int)> lane) = Filled();
        lane.Close();
        Assert.Null(lane.Direct!.Table);
        for (int key = Many; key < Many * 5; key++)
        {
            Put(index, key, (key, 0));
        }

        Assert.Null(lane.Direct!.Table);
    }

    [Fact]
    public void ATable_FollowsNumbersThatMoveOn()
    {
        // As ids do: new ones come, old ones go.
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Lanes.Open(index, Hasher);
        var tables = new HashSet<object>();
        for (int key = 0; key < Many * 20; key++)
        {
            Put(index, key, (key, key * 2));
            if (key >= Many)
            {
                Assert.True(index.Remove(key - Many, Hasher.Hash(key - Many), out _));
            }

            if (lane.Direct!.Table is { } table)
            {
                tables.Add(table);
                Assert.True(table.Length < Many * 8);
            }
        }

        Assert.InRange(tables.Count, 10, 60);
        int shown = Enumerable.Range(Many * 19, Many).Count(key => Shows(lane, key, (key, key * 2)));
        Assert.True(shown > Many / 2, $"Only {shown} of {Many} are shown.");
    }

    private static (RecordIndex<(int, int)> Index, Lane<(int, int)> Lane) Filled()
    {
        RecordIndex<(int, int)> index = New<(int, int)>();
        Lane<(int, int)> lane = Lanes.Open(index, Hasher);
        for (int key = 0; key < Many; key++)
        {
            Put(index, key, (key, key * 2));
        }

        Finish(index, [.. Enumerable.Range(0, Many)]);
        return (index, lane);
    }

    /// <summary>Puts some again, as often as there are segments to be shown.</summary>
    private static void Finish(RecordIndex<(int, int)> index, int[] keys)
    {
        foreach (int key in keys[..200])
        {
            Put(index, key, (key, key * 2));
        }
    }

    private static bool IsShown(Lane<(int, int)> lane, int key) =>
        lane.Direct!.Table is { } table && DirectTable<(int, int)>.TryGet(table, key, out _);

    private static bool Shows(Lane<(int, int)> lane, int key, (int, int) record) =>
        lane.Direct!.Table is { } table
        && DirectTable<(int, int)>.TryGet(table, key, out (int, int) found) && found == record;

    private static RecordIndex<TRecord> New<TRecord>(int scale = 1) =>
        new(RecordLayout<TRecord>.At(0), TimeProvider.System, scale);

    private static void Put<TKey, TRecord>(RecordIndex<TRecord> index, TKey key, TRecord record) =>
        index.Put(in record, null, Hasher.Hash(key), out _);
}
