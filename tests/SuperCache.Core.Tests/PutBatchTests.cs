using System.Collections;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

public sealed class PutBatchTests
{
    public static TheoryData<TableKind> Kinds { get; } = [TableKind.Set,
        TableKind.OrderedSet, TableKind.Bag, TableKind.DuplicateBag];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task PutBatch_StoresNothing_WhenOneRecordIsBad(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 4);
        IEnumerable<(string?, int)> records = Enumerable.Range(0, 1_000).Select(i => (i == 999 ? null : "key" + i, i));
        RecordShapeException error = Assert.Throws<RecordShapeException>(() => cache.PutBatch(records));
        Assert.Contains("Record 999", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
        Assert.Equal(0, cache.GetStatistics().Puts);
    }

    /// <summary>As a queue does that others fill meanwhile.</summary>
    [Fact]
    public async Task PutBatch_StoresAll_OfACollectionThatSaysItIsEmpty()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        cache.PutBatch(new Growing());
        Assert.Equal(1_000, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task PutBatch_StoresNothing_WhenTheEnumerationThrows()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        Assert.Throws<DivideByZeroException>(() => cache.PutBatch(Enumerable.Range(-5, 10).Select(i => (i, 1 / i))));
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task PutBatch_KeepsTheOrderOfTheRecords_OfOneKey(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 4);
        (int, int)[] records = [.. Enumerable.Range(0, 5_000).Select(i => (i % 10, i))];
        cache.PutBatch(records);
        cache.PutBatch(records.ToList());
        cache.PutBatch(records.Where(_ => true));
        for (int key = 0; key < 10; key++)
        {
            int[] values = [.. cache.Get<(int, int)>(ValueTuple.Create(key)).Select(record => record.Item2)];
            int[] once = [.. Enumerable.Range(0, 5_000).Where(i => i % 10 == key)];
            int[] expected = kind switch
            {
                TableKind.Bag => once,
                TableKind.DuplicateBag => [.. once, .. once, .. once],
                _ => [once[^1]],
            };
            Assert.Equal(expected, values);
        }
    }

    [Fact]
    public async Task PutBatch_TakesAnyNumberOfRecords()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 64);
        cache.PutBatch(Array.Empty<(int, int)>());
        cache.PutBatch([(1, 1)]);
        cache.PutBatch(Enumerable.Range(0, 100_000).Select(i => (i, i)));
        Assert.Equal(100_000, cache.GetStatistics().TotalCount);
    }

    private sealed class Growing : IEnumerable<(int, int)>, ICollection
    {
        public int Count => 0;

        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public void CopyTo(Array array, int index)
        {
        }

        public IEnumerator<(int, int)> GetEnumerator() =>
            Enumerable.Range(0, 1_000).Select(i => (i, i)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
