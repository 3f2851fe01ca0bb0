using Microsoft.Extensions.Time.Testing;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Keys and records whose comparison throws, calls back, or lets another thread go first.</summary>
public sealed class TroubledKeyTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Trouble _trouble = new();

    public static TheoryData<TableKind> Kinds { get; } = [TableKind.Set,
        TableKind.OrderedSet, TableKind.Bag, TableKind.DuplicateBag];

    [Fact]
    public async Task LazyPut_StoresAllOfItsBatch_ButTheRecordThatCannotBeCompared()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        cache.Put((Key(0), 0));
        _trouble.OnCompare = (a, b) => ThrowIf(a.Number == 3 || b.Number == 3);
        for (int i = 1; i <= 10; i++)
        {
            cache.LazyPut((Key(i), i));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cache.FlushAsync());
        _trouble.OnCompare = null;

        Assert.Equal(
            [0, 1, 2, 4, 5, 6, 7, 8, 9, 10],
            Enumerable.Range(0, 11).Where(i => cache.TryGet(Key(i), out (TroubledKey, int) _)));
        Assert.Equal(10, cache.GetStatistics().Puts);
        await cache.FlushAsync();
    }

    [Fact]
    public async Task LazyPut_OutOfAComparison_IsRefused_AndCostsNobodyARecord()
    {
        await using SuperCacheEngine cache = await Start.Cache(
            partitions: 1, configure: o => o.LazyPutCapacity = 16);
        cache.Put((Key(0), 0));
        _trouble.OnCompare = (_, _) => cache.LazyPut((Key(100), 100));
        Assert.Throws<InvalidOperationException>(() => cache.Put((Key(0), 1)));
        _trouble.OnCompare = (a, b) =>
        {
            if (a.Number == 3 || b.Number == 3)
            {
                for (int i = 0; i < 40; i++)
                {
                    cache.LazyPut((100 + i, i));
                }
            }
        };
        for (int i = 1; i <= 10; i++)
        {
            cache.LazyPut((Key(i), i));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cache.FlushAsync());
        _trouble.OnCompare = null;
        Assert.Equal(
            [0, 1, 2, 4, 5, 6, 7, 8, 9, 10],
            Enumerable.Range(0, 11).Where(i => cache.TryGet(Key(i), out (TroubledKey, int) _)));
        Assert.Equal(10, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task GetByMatch_FindsARecord_ThatBecomesAnotherTypeMeanwhile()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        cache.Put((Key(1), 1));
        cache.Put((Key(2), 2));
        TroubledKey asked = Key(2);
        bool isDone = false;
        _trouble.OnCompare = (a, b) =>
        {
            if (!isDone && ReferenceEquals(a, asked) && b.Number == 1)
            {
                isDone = true;
                var other = new Thread(() => cache.Put((Key(2), 2L)));
                other.Start();
                other.Join();
            }
        };

        Assert.Single(cache.GetByMatchObject((asked, Match.Any)));
        Assert.True(isDone);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reclaiming_GoesOn_WhenAKeyCannotBeCompared_AndReclaimsItLater(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 2, clock: _clock);
        var life = new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) };
        for (int i = 0; i < 40; i++)
        {
            cache.Put((Key(i), i), life);
            cache.Put((i, i), life);
        }

        _trouble.OnCompare = (_, _) => ThrowIf(true);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.InRange(cache.GetStatistics().Expirations, 40, 80);

        _trouble.OnCompare = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(80, cache.GetStatistics().Expirations);
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task MakingRoom_DoesNotThrowToWhoeverPuts_WhenAVictimCannotBeCompared()
    {
        await using SuperCacheEngine cache = await Start.Cache(
            TableKind.Bag, partitions: 1, clock: _clock, configure: o => o.SizeLimit = 20);
        for (int i = 0; i < 20; i++)
        {
            cache.Put((Key(i), i));
        }

        _trouble.OnCompare = (_, _) => ThrowIf(true);
        for (int i = 0; i < 50; i++)
        {
            cache.Put((i, i));
        }

        _trouble.OnCompare = null;
        for (int i = 50; i < 100; i++)
        {
            cache.Put((i, i));
        }

        Assert.InRange(cache.GetStatistics().EstimatedSize, 1, 21);
        Assert.Equal(cache.GetStatistics().EstimatedSize, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task Bag_HoldsNoRecordTwice_AfterAHashHasThrown()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Bag, partitions: 1);
        (string, TroubledKey)[] records = [.. Enumerable.Range(0, 16).Select(i => ("key", Key(i)))];
        Array.ForEach(records, record => cache.Put(record));
        _trouble.OnHash = key => ThrowIf(key.Number == 3);
        foreach ((string, TroubledKey) record in records)
        {
            Assert.Throws<InvalidOperationException>(() => cache.Put(record));
        }

        _trouble.OnHash = null;
        Array.ForEach(records, record => cache.Put(record));
        Assert.Equal(16, cache.GetByKey("key").Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Change_OutOfAComparison_IsRefused_AndChangesNothing(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 1);
        cache.Put((Key(1), 1));
        _trouble.OnCompare = (_, _) => cache.Put((100, 100));

        var error = Assert.Throws<InvalidOperationException>(() => cache.Put((Key(2), 2)));
        Assert.Contains("Equals", error.Message, StringComparison.Ordinal);

        _trouble.OnCompare = null;
        cache.Put((Key(2), 2));
        Assert.Equal(2, cache.GetStatistics().TotalCount);
        Assert.Empty(cache.GetByKey(100));
    }

    [Fact]
    public async Task Change_OfAnotherPartition_OutOfAComparison_IsRefused_AndNobodyWaitsForEver()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 2);
        int here = cache.Partitions.IndexOf(Key(1));
        int elsewhere = Enumerable.Range(0, 100).First(i => cache.Partitions.IndexOf(i) != here);
        cache.Put((Key(1), 1));
        var errors = new List<Exception?>();
        _trouble.OnCompare = (_, _) =>
        {
            errors.Add(Record.Exception(() => cache.Put((elsewhere, 1))));
            errors.Add(Record.Exception(() => cache.DeleteAll()));
            errors.Add(Record.Exception(() => cache.LazyPut((elsewhere, 1))));
            errors.Add(Record.Exception(() => Wait.For(cache.FlushAsync())));
            errors.Add(Record.Exception(cache.Dispose));
        };

        cache.Put((Key(1), 2));

        _trouble.OnCompare = null;
        Assert.Equal(5, errors.Count(e => e is InvalidOperationException));
        Assert.Equal([(Key(1), 2)], cache.GetByKey(Key(1)).Cast<(TroubledKey, int)>());
        Assert.Equal(1, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task Change_OfAnotherCache_OutOfAComparison_IsMade()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        await using SuperCacheEngine other = await Start.Cache(partitions: 1);
        cache.Put((Key(1), 1));
        _trouble.OnCompare = (_, _) => other.Put((1, 1));
        cache.Put((Key(1), 2));
        Assert.Single(other.GetByKey(1));
    }

    [Fact]
    public async Task Flush_StoresWhatOtherPartitionsHold_WhenOneCannotBeCompared()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 2);
        var slow = new Trouble();
        TroubledKey failing = InPartition(0, _trouble);
        TroubledKey waiting = InPartition(1, slow);
        using var isStoring = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        using var hasFailed = new ManualResetEventSlim();
        cache.Put((failing, 0));
        cache.Put((waiting, 0));
        Task? flush = null;
        bool hasEnded = false;
        slow.OnCompare = (_, _) =>
        {
            if (flush is null)
            {
                isStoring.Set();
                goesOn.Wait();
            }
            else
            {
                hasEnded |= SpinWait.SpinUntil(() => flush.IsCompleted, TimeSpan.FromMilliseconds(200));
            }
        };
        cache.LazyPut((waiting, 1));
        isStoring.Wait();
        cache.LazyPut((waiting, 2));
        _trouble.OnCompare = (_, _) =>
        {
            hasFailed.Set();
            throw new InvalidOperationException();
        };
        cache.LazyPut((failing, 1));

        flush = Task.Run(async () => await cache.FlushAsync());
        hasFailed.Wait();
        goesOn.Set();
        await Assert.ThrowsAsync<InvalidOperationException>(() => flush);

        Assert.False(hasEnded);
        slow.OnCompare = null;
        Assert.True(cache.TryGet(waiting, out (TroubledKey, int Value) record));
        Assert.Equal(2, record.Value);

        TroubledKey InPartition(int partition, Trouble trouble) => Enumerable.Range(0, 100)
            .Select(hash => new TroubledKey(1, trouble) { Hash = hash })
            .First(key => cache.Partitions.IndexOf(key) == partition);
    }

    [Fact]
    public async Task Comparison_MayRead()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        cache.Put((Key(1), 1));
        cache.Put((100, 100));
        _trouble.OnCompare = (_, _) => Assert.True(cache.TryGet(100, out (int, int) _));
        cache.Put((Key(2), 2));
        Assert.Equal(3, cache.GetStatistics().TotalCount);
    }

    private TroubledKey Key(int number) => new(number, _trouble);

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidOperationException("It cannot be compared.");
        }
    }

    private sealed class Trouble
    {
        public Action<TroubledKey, TroubledKey>? OnCompare { get; set; }

        public Action<TroubledKey>? OnHash { get; set; }
    }

    /// <summary>All of them have one hash, if nothing else is said.</summary>
    private sealed class TroubledKey(int number, Trouble trouble) : IEquatable<TroubledKey>, IComparable<TroubledKey>,
        IComparable
    {
        public int Number => number;

        public int Hash { get; init; } = 42;

        public bool Equals(TroubledKey? other)
        {
            trouble.OnCompare?.Invoke(this, other!);
            return other!.Number == number;
        }

        public override bool Equals(object? obj) => obj is TroubledKey other && Equals(other);

        public override int GetHashCode()
        {
            trouble.OnHash?.Invoke(this);
            return Hash;
        }

        public int CompareTo(TroubledKey? other)
        {
            trouble.OnCompare?.Invoke(this, other!);
            return number.CompareTo(other!.Number);
        }

        public int CompareTo(object? obj) => obj is TroubledKey other ? CompareTo(other) : 1;
    }
}
