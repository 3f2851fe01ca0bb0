using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class SizeAccountTests
{
    private const int Limit = 1_000;

    /// <summary>Two hours of simulated time; every record carries its own size, so that a scan is a recount.</summary>
    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    public async Task EstimatedSize_EqualsARecount_AtEveryCheckpoint(TableKind kind)
    {
        var clock = new FakeTimeProvider();
        var options = new SuperCacheOptions
        {
            TableKind = kind,
            SizeLimit = Limit,
            PartitionCount = 4,
            TimeProvider = clock
        };
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(options);
        for (int minute = 0; minute < 120; minute++)
        {
            int seed = minute;
            Parallel.For(0, 3, thread => Work(cache, new Random((seed * 31) + thread), 500));
            clock.Advance(TimeSpan.FromSeconds(60.9));

            // Puts happen and lives end at whole seconds, so that nothing has expired within the wheel's grain
            // before a checkpoint.
            CacheStatistics statistics = cache.GetStatistics();
            long recount = cache.Scan(0L, (sum, record) => sum + (int)record[1]!);
            Assert.True(
                recount == statistics.EstimatedSize,
                $"Minute {minute}, seed {seed}: the account says {statistics.EstimatedSize}, a recount {recount}.");
            Assert.InRange(recount, 0, Limit);
            clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.True(cache.GetStatistics().Evictions > 0);
        Assert.True(cache.GetStatistics().Expirations > 0);
    }

    private static void Work(ISuperCache cache, Random random, int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            int key = random.Next(3_000);
            int size = random.Next(0, 20);
            switch (random.Next(10))
            {
                case < 5:
                    cache.Put((key, size), Options(random, size));
                    break;
                case 5:
                    cache.Put((key, size, "another type"), Options(random, size));
                    break;
                case 6:
                    cache.DeleteByKey(key);
                    break;
                case 7:
                    cache.DeleteByMatch((Match.Any, size));
                    break;
                default:
                    cache.GetByKey(key);
                    break;
            }
        }
    }

    private static CacheEntryOptions Options(Random random, int size) => new()
    {
        Size = size,
        Priority = (CacheEntryPriority)random.Next(4),
        AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(random.Next(1, 600)),
        SlidingExpiration = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(1, 120)),
    };
}
