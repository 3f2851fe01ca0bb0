using System.Runtime.CompilerServices;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Concurrency;

/// <summary>A scan meets every record that is there throughout exactly once, whatever happens to the others.</summary>
[Trait("Kind", "Soak")]
public sealed class ScanTests
{
    private const int Stable = 2_000;

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task Scan_MeetsStableRecordsOnce_WhileAllOthersAreReplacedAndTheTableGrows(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 2);
        for (int i = 0; i < Stable; i++)
        {
            cache.Put((i, "stable"));
        }

        Action<int> writer = round =>
        {
            // Grow to 30 000 others, each replaced as it comes up again, then drop them all one by one, and so on.
            int key = Stable + round % 30_000;
            if (round / 30_000 % 3 == 2)
            {
                cache.DeleteByKey(key);
            }
            else
            {
                if (kind is TableKind.Bag or TableKind.DuplicateBag)
                {
                    cache.DeleteByKey(key);
                }

                cache.Put((key, "other" + round % 10));
            }
        };
        Soak.Run(Soak.Length / 3, writer, _ =>
        {
            int[] met = cache.Scan(new int[Stable], Count);
            AssertOnce(met);
        });
        Assert.Equal(Stable, cache.GetByMatch((Match.Any, "stable")).Count);
    }

    [Fact]
    public async Task Scan_MeetsStableRecordsOnce_WhileCollidingKeysMoveThroughTheOverflow()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        const int StableColliding = 30;
        for (int i = 0; i < StableColliding; i++)
        {
            cache.Put(((object)new CollidingKey(i), i));
        }

        Soak.Run(
            Soak.Length / 3,
            _ =>
            {
                // Fill the reach of the stable keys, let the index grow, shrink it again.
                cache.PutBatch(Enumerable.Range(0, 60).Select(i => ((object)new CollidingKey(1_000 + i), -1)));
                cache.PutBatch(Enumerable.Range(0, 4_000).Select(i => ((object)i, -1)));
                cache.PutBatch(Enumerable.Range(0, 4_000).Select(i => ((object)i, -2)));
                cache.DeleteByMatch((Match.Any, -2));
                cache.DeleteByMatch((Match.Any, -1));
            },
            _ => AssertOnce(cache.Scan(new int[StableColliding], CountColliding)),
            round =>
            {
                Assert.True(cache.TryGet((object)new CollidingKey(round % StableColliding), out (object, int) record));
                Assert.Equal(round % StableColliding, record.Item2);
            });
    }

    private static int[] Count(int[] counts, ITuple record)
    {
        if (record[0] is int key and < Stable)
        {
            counts[key]++;
        }

        return counts;
    }

    private static int[] CountColliding(int[] counts, ITuple record)
    {
        if (record[0] is CollidingKey key && key.Number < counts.Length)
        {
            counts[key.Number]++;
        }

        return counts;
    }

    private static void AssertOnce(int[] met) =>
        Assert.True(Array.TrueForAll(met, n => n == 1), $"Met other than once: {string.Join(", ", met.Select((n, i) => (n, i)).Where(x => x.n != 1).Take(10))}.");
}
