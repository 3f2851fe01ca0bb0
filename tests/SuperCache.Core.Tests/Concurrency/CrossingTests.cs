using System.Runtime.CompilerServices;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Concurrency;

/// <summary>A key whose record changes its type moves between indexes; nobody misses it meanwhile.</summary>
[Trait("Kind", "Soak")]
public sealed class CrossingTests
{
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    public async Task TryGet_NeverMisses_AKeyThatIsAlwaysThere(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 1);
        for (int key = 0; key < 20; key++)
        {
            cache.Put((key, 0));
        }

        Action<int> writer = round => Put(cache, round % 20, round % 6, round);
        Soak.Run(
            Soak.Length / 3,
            writer,
            round => Assert.True(cache.TryGet(round % 20, out ITuple _), "A key that is there was missed."),
            round => Assert.Equal(round % 20, Assert.Single(cache.GetByKey(round % 20))[0]));
        Assert.Equal(20, cache.GetStatistics().TotalCount);
        Assert.Equal(20, cache.Scan(0, (n, _) => n + 1));
    }

    [Fact]
    public async Task TryGet_NeverMisses_WhileTheSecondTypeIsFirstPut()
    {
        // The short cut past the table is shut once in a partition's life: many short lives.
        for (int life = 0; life < 300; life++)
        {
            await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
            cache.Put((1, 1));
            using var line = new Barrier(2);
            bool missed = false;
            var reader = new Thread(() =>
            {
                line.SignalAndWait();
                try
                {
                    for (int i = 0; i < 2_000; i++)
                    {
                        missed |= !cache.TryGet(1, out (int, int) _);
                    }
                }
                catch (RecordTypeException)
                {
                    // It has moved.
                }
            });
            reader.Start();
            line.SignalAndWait();
            cache.Put((1, "one"));
            reader.Join();
            Assert.False(missed);
        }
    }

    private static void Put(SuperCacheEngine cache, int key, int type, int value)
    {
        switch (type)
        {
            case 0:
                cache.Put((key, value));
                break;
            case 1:
                cache.Put((key, "text"));
                break;
            case 2:
                cache.Put((key, value, value));
                break;
            case 3:
                cache.Put(Tuple.Create(key, value));
                break;
            case 4:
                cache.Put((key, 1, 2, 3, 4, 5, 6, 7, value));
                break;
            default:
                cache.Put((key, 1.5, 'c'));
                break;
        }
    }
}
