using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Concurrency;

/// <summary>Nobody sees half an entry: not the reader, not the equality of its key.</summary>
[Trait("Kind", "Soak")]
public sealed class TornReadTests
{
    [Fact]
    public async Task TryGet_ComparesWholeKeysOnly_WhileTheyAreDeletedAndPut()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        PickyKey[] keys = [.. Enumerable.Range(0, 8).Select(i => new PickyKey("key" + i))];
        Action<int> reader = round => cache.TryGet(keys[round % keys.Length], out (PickyKey, int) _);
        Soak.Run(Soak.Length / 3, reader, round =>
        {
            PickyKey key = keys[round % keys.Length];
            if (!cache.DeleteByKey(key))
            {
                cache.Put((key, round));
            }
        });
    }

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    public async Task TryGet_FindsWholeRecordsOnly_WhileTheyAreReplaced(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 1);
        const int Keys = 40;
        for (int key = 0; key < Keys; key++)
        {
            cache.Put((key, 0L, "0", 0L, 0L));
        }

        Action<int> reader = round =>
        {
            Assert.True(cache.TryGet(round % Keys, out (int Key, long A, string Text, long B, long C) record));
            Assert.Equal(round % Keys, record.Key);
            Assert.True(record.A == record.B
                && record.B == record.C && record.Text == Texts[record.A], $"A mixture: {record}.");
        };
        Soak.Run(Soak.Length / 3, reader, round =>
        {
            int key = round * 7 % Keys;
            long value = round % Texts.Length;
            cache.Put((key, value, Texts[value], value, value));
            if (round % 50 == 0)
            {
                cache.Put((Keys + round % 1_000, value, Texts[value], value, value));
                cache.DeleteByKey(Keys + (round + 500) % 1_000);
            }
        });
    }

    /// <summary>One key and one slot: the reader is in the middle of it whenever the writer wipes it.</summary>
    [Fact]
    public async Task TryGet_FindsWholeRecordsOnly_WhileOneIsDeletedAndPut()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        var record = (Key: "key", "1", "2", "3", "4", "5", "6");
        Action<int> reader = _ =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                if (cache.TryGet("key", out (string, string, string, string, string, string, string) found))
                {
                    Assert.Equal(record, found);
                }
            }
        };
        Soak.Run(Soak.Length / 3, reader, _ =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                cache.Put(record);
                cache.DeleteByKey("key");
            }
        });
    }

    [Fact]
    public async Task TryGet_FindsWholeRecordsOnly_WhileOneIsReplaced()
    {
        await using SuperCacheEngine cache = await Start.Cache(partitions: 1);
        cache.Put(("key", 0L, 0L, 0L, 0L, 0L, "0"));
        Action<int> reader = _ =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Assert.True(cache.TryGet("key", out (string, long A, long B, long C, long D, long E, string F) found));
                Assert.True(found.F is not null && found.A == found.B && found.B == found.C, $"A mixture: {found}.");
                Assert.True(found.C == found.D && found.D == found.E, $"A mixture: {found}.");
            }
        };
        Soak.Run(Soak.Length / 3, reader, round =>
        {
            for (long i = 0; i < 1_000; i++)
            {
                cache.Put(("key", i, i, i, i, i, "text"));
            }
        });
    }

    private static readonly string[] Texts = [.. Enumerable.Range(0, 256).Select(i => i.ToString())];
}
