using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests;

public sealed class LazyPutTests
{
    [Fact]
    public async Task LazyPut_StoresInOrder_SoThatTheLastPutOfAKeyWins()
    {
        await using SuperCacheEngine cache = await Start.Cache(configure: o => o.LazyPutCapacity = 64);
        for (int i = 0; i < 10_000; i++)
        {
            cache.LazyPut((i % 7, i));
            cache.LazyPut((i % 7, "text", i));
        }

        await cache.FlushAsync();
        for (int key = 0; key < 7; key++)
        {
            Assert.Equal((key, "text", Enumerable.Range(0, 10_000).Last(i =>
                i % 7 == key)), Assert.Single(cache.GetByKey(key)));
        }
    }

    [Fact]
    public async Task LazyPut_KeepsInsertionOrder_InADuplicateBag()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.DuplicateBag, configure: o =>
            o.LazyPutCapacity = 3);
        for (int i = 0; i < 1_000; i++)
        {
            cache.LazyPut(("k", i));
        }

        await cache.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 1_000), cache.Get<(string, int)>(Tuple.Create("k")).Select(r => r.Item2));
    }

    [Fact]
    public async Task FlushAsync_ReturnsWhenEverythingEnqueuedBeforeIsStored_FromSeveralThreads()
    {
        await using SuperCacheEngine cache = await Start.Cache();
        await Parallel.ForAsync(0, 4, async (thread, _) =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                cache.LazyPut((thread, i));
                cache.LazyPut(((thread, i), i));
            }

            await cache.FlushAsync(_);
            Assert.True(cache.TryGet(thread, out (int, int) last));
            Assert.Equal(4_999, last.Item2);
            Assert.True(cache.TryGet((thread, 4_999), out ((int, int), int) _));
        });
        Assert.Equal(4 + 4 * 5_000, cache.GetStatistics().TotalCount);
    }

    [Fact]
    public async Task LazyPut_MakesTheCallerStore_WhenTheBufferIsFull()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1, configure: o => o.LazyPutCapacity = 10);
        for (int i = 0; i < 10_005; i++)
        {
            cache.LazyPut((i, i));

            // At most the capacity waits, and as many are on their way in.
            Assert.InRange(i + 1 - cache.GetStatistics().TotalCount, 0, 20);
        }
    }

    [Fact]
    public async Task Dispose_LosesNothingThatWasAccepted_WhenItComesInTheMiddle()
    {
        for (int round = 0; round < 50; round++)
        {
            SuperCacheEngine cache = await Start.Cache(partitions: 2);
            long accepted = 0;
            using var started = new CountdownEvent(2);
            Thread[] writers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Write))];
            Array.ForEach(writers, writer => writer.Start());
            started.Wait();
            await cache.DisposeAsync();
            Array.ForEach(writers, writer => writer.Join());
            Assert.Equal(accepted, cache.PutsOfAllPartitions);

            void Write()
            {
                started.Signal();
                try
                {
                    for (int i = 0; ; i++)
                    {
                        cache.LazyPut((i, i));
                        Interlocked.Increment(ref accepted);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // No more is taken.
                }
            }
        }

    }

    [Fact]
    public async Task LazyPut_Throws_AfterDispose()
    {
        SuperCacheEngine cache = await Start.Cache();
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache.LazyPut((1, 2)));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await cache.FlushAsync());
    }

    [Fact]
    public async Task FlushAsync_ThrowsWhatAComparisonThrew_AndStoresTheRest()
    {
        await using SuperCacheEngine cache = await Start.Cache(TableKind.Bag, partitions: 1);
        cache.Put(("k", (object)new Grumpy()));
        cache.LazyPut(("k", (object)new Grumpy()));
        cache.LazyPut(("after", 1));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cache.FlushAsync());

        Assert.Single(cache.GetByKey("after"));
        await cache.FlushAsync();
    }

    [Fact]
    public async Task LazyPut_ChecksTheRecordAtOnce_AndStoresNothingBad()
    {
        await using SuperCacheEngine cache = await Start.Cache(configure: o => o.KeyPosition = 1);
        Assert.Throws<RecordShapeException>(() => cache.LazyPut(ValueTuple.Create(1)));
        Assert.Throws<ArgumentNullException>(() => cache.LazyPut<Tuple<int, int>>(null!));
        await cache.FlushAsync();
        Assert.Equal(0, cache.GetStatistics().TotalCount);
    }

    private sealed class Grumpy
    {
        public override bool Equals(object? obj) => throw new InvalidOperationException("Not now.");

        public override int GetHashCode() => 1;
    }
}
