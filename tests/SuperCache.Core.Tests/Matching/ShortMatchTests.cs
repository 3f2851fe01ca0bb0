using System.Runtime.CompilerServices;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SuperCache.Core.Tests.Matching;

/// <summary>A match whose key is bound is answered on a short way where it can be: never with another answer.</summary>
public sealed class ShortMatchTests
{
    private static readonly Guid Id = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    /// <summary>Keys, some of which are there, and placeholders.</summary>
    private static readonly object?[] Elements =
    [
        1, 2, 99, 7L, 8L, "short", "none", "a key that is too long to be compared without a call", Id, Guid.Empty, null,
        Match.Any, Match.Var(0), Match.Var(1), Match.Var(70),
    ];

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(long))]
    [InlineData(typeof(string))]
    [InlineData(typeof(Guid))]
    public async Task GetByMatch_GivesTheSame_HoweverThePatternIsTyped(Type key)
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync();
        foreach (object? element in Elements.Where(element => element?.GetType() == key).SkipLast(1))
        {
            Put(cache, element!);
        }

        Gen<object?> any = Gen.Int[0, Elements.Length - 1].Select(i => Elements[i]);
        Gen.Select(any, any, any).Sample(
            (first, second, third) =>
            {
                ITuple slow = Tuple.Create(first, second, third);
                ITuple fast = Typed(first, second, third);
                Assert.Equal(Rows(cache.GetByMatch(slow)), Rows(cache.GetByMatch(fast)));
                Assert.Equal(cache.GetByMatchObject(slow).Count, cache.GetByMatchObject(fast).Count);
                if (first is not (null or MatchPlaceholder))
                {
                    var scope = PartitionScope.Of(first);
                    Assert.Equal(Rows(cache.GetByMatch(slow, scope)), Rows(cache.GetByMatch(fast, scope)));
                }
            },
            iter: 5_000);
    }

    [Fact]
    public async Task GetByMatch_FindsARecord_ThatWasPutIntoAnotherPartition()
    {
        await using SuperCacheEngine cache =
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 4 });
        cache.Put((1, "at home"));
        ICachePartition other = cache.Partitions.First(partition => partition.Count == 0);
        other.Put((1, "astray"));
        Assert.Equal(2, cache.GetByMatch((1, Match.Var(0))).Count);
        Assert.Equal(2, cache.GetByMatchObject((1, Match.Any)).Count);
        Assert.Equal(["at home"], Assert.Single(cache.GetByMatch((1, Match.Var(0)), PartitionScope.Of(1))));
    }

    [Fact]
    public async Task GetByMatch_FindsNothing_OnceTheRecordHasExpired()
    {
        var time = new FakeTimeProvider();
        await using SuperCacheEngine cache =
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { TimeProvider = time });
        cache.Put((1, "a"), new CacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(1) });
        Assert.Equal(["a"], Assert.Single(cache.GetByMatch((1, Match.Var(0)))));

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(cache.GetByMatch((1, Match.Var(0))));
        Assert.Empty(cache.GetByMatchObject((1, Match.Any)));
    }

    [Fact]
    public async Task GetByMatch_FindsEveryType_WhereATableHasSeveral()
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync();
        cache.Put((1, "x", 3L));
        cache.Put((5, 6));
        cache.Put(("5", 6));
        Assert.Equal([6], Assert.Single(cache.GetByMatch((5, Match.Var(0)))));
        Assert.Equal([6], Assert.Single(cache.GetByMatch(("5", Match.Var(0)))));
        Assert.Equal(["x", 3L], Assert.Single(cache.GetByMatch((1, Match.Var(0), Match.Var(1)))));
        Assert.Empty(cache.GetByMatch((1, Match.Var(0))));
    }

    private static void Put(SuperCacheEngine cache, object key)
    {
        switch (key)
        {
            case int number:
                cache.Put((number, "short", (long?)null));
                break;
            case long number:
                cache.Put((number, Id, 7L));
                break;
            case string text:
                cache.Put((text, (string?)null, 2));
                break;
            case Guid id:
                cache.Put((id, 8L, (object)"short"));
                break;
        }
    }

    private static ITuple Typed(params object?[] elements) => (ITuple)Activator.CreateInstance(
        typeof(ValueTuple<,,>).MakeGenericType([.. elements.Select(e => e?.GetType() ?? typeof(string))]), elements)!;

    private static IEnumerable<string> Rows(IReadOnlyList<object?[]> rows) =>
        rows.Select(row => string.Join('|', row)).Order();
}
