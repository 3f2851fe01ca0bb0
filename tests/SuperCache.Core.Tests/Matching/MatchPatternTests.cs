using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Matching;

public sealed class MatchPatternTests
{
    [Fact]
    public void Matches_LooksAtTuplesOfItsLengthOnly_M1()
    {
        var pattern = MatchPattern.Compile((Match.Any, Match.Any));
        Assert.True(pattern.Matches((1, 2)));
        Assert.True(pattern.Matches(Tuple.Create(1, "2")));
        Assert.False(pattern.Matches(ValueTuple.Create(1)));
        Assert.False(pattern.Matches((1, 2, 3)));
        Assert.True(MatchPattern.Compile((1, 2, 3, 4, 5, 6, 7, 8, Match.Any)).Matches((1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    [Fact]
    public void Matches_ComparesByTypeAndValue_M2()
    {
        Assert.True(MatchPattern.Compile((1, "a")).Matches((1, "a")));
        Assert.False(MatchPattern.Compile((1L, "a")).Matches((1, "a")));
        Assert.False(MatchPattern.Compile((1, "A")).Matches((1, "a")));
        Assert.True(MatchPattern.Compile((1, (string?)null)).Matches((1, (string?)null)));
        Assert.False(MatchPattern.Compile((1, (string?)null)).Matches((1, "a")));
        Assert.False(MatchPattern.Compile((1, "a")).Matches((1, (string?)null)));
        Assert.True(MatchPattern.Compile((1, (int?)2)).Matches((1, 2)));
    }

    [Fact]
    public void Matches_DemandsEqualValues_WhenAVariableRepeats_M3()
    {
        var pattern = MatchPattern.Compile((Match.Var(0), Match.Var(0)));
        Assert.True(pattern.Matches((1, 1)));
        Assert.False(pattern.Matches((1, 2)));
        Assert.False(pattern.Matches((1, 1L)));
        Assert.True(pattern.Matches(((string?)null, (string?)null)));
        Assert.False(pattern.Matches((1, (string?)null)));

        var nested = MatchPattern.Compile((Match.Var(1), (Match.Var(1), Match.Any)));
        Assert.True(nested.Matches(("x", ("x", 2))));
        Assert.False(nested.Matches(("x", ("y", 2))));
    }

    [Fact]
    public void Bind_ListsValuesByAscendingVariable_HoweverTheyStand()
    {
        var pattern = MatchPattern.Compile((Match.Var(7), (Match.Var(0), Match.Any), Match.Var(3)));
        Assert.Equal(["c", "a", "b"], pattern.Bind(("b", ("c", 1), "a")));
        Assert.Empty(MatchPattern.Compile((1, Match.Any)).Bind((1, 2))!);
        Assert.Equal([null], MatchPattern.Compile((1, Match.Var(0))).Bind((1, (string?)null)));
        Assert.Equal([2, 1, 3], MatchPattern.Compile((Match.Var(64), Match.Var(5), Match.Var(900))).Bind((1, 2, 3)));
    }

    [Fact]
    public void Bind_GivesNull_WhereARecordDoesNotMatch()
    {
        Assert.Null(MatchPattern.Compile((1, Match.Var(0))).Bind((2, 3)));
        Assert.Null(MatchPattern.Compile((1, Match.Var(0))).Bind((1, 3, 4)));
        Assert.Null(MatchPattern.Compile((Match.Var(99), Match.Var(99))).Bind((1, 2)));
        Assert.Equal([3], MatchPattern.Compile((1, Match.Var(0))).Bind((2, 3), known: 0));
        Assert.Null(MatchPattern.Compile((1, Match.Var(0))).Select((2, 3)));
    }

    [Fact]
    public void Matches_GoesIntoNestedTuples_WhereTheyHoldPlaceholders()
    {
        var pattern = MatchPattern.Compile((1, (Match.Any, (2, Match.Var(0)))));
        Assert.True(pattern.Matches((1, ("x", (2, 3)))));
        Assert.True(pattern.Matches((1, Tuple.Create("x", (2, 3)))));
        Assert.False(pattern.Matches((1, ("x", (3, 3)))));
        Assert.False(pattern.Matches((1, ("x", 2))));
        Assert.False(pattern.Matches((1, (object?)null)));

        // A nested tuple without a placeholder is a value: its type counts.
        Assert.True(MatchPattern.Compile((1, (2, 3))).Matches((1, (2, 3))));
        Assert.False(MatchPattern.Compile((1, (2, 3))).Matches((1, Tuple.Create(2, 3))));
    }

    [Fact]
    public void Compile_RefusesAnEmptyPattern() =>
        Assert.Contains("0 elements", Assert.Throws<ArgumentException>(() =>
            MatchPattern.Compile(ValueTuple.Create())).Message, StringComparison.Ordinal);

    [Fact]
    public void Compile_RefusesNullPatterns() =>
        Assert.Throws<ArgumentNullException>(() => MatchPattern.Compile(null!));

    [Fact]
    public void Compile_GoesToMaxDepth_AndNoFurther()
    {
        ITuple atLimit = Tuple.Create<object>(Match.Var(0));
        for (int depth = 1; depth < MatchPattern.MaxDepth; depth++)
        {
            atLimit = Tuple.Create<object>(atLimit);
        }

        ITuple record = Tuple.Create<object>("deep");
        for (int depth = 1; depth < MatchPattern.MaxDepth; depth++)
        {
            record = Tuple.Create<object>(record);
        }

        Assert.Equal(["deep"], MatchPattern.Compile(atLimit).Bind(record));
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            MatchPattern.Compile(Tuple.Create<object>(atLimit)));
        Assert.Contains($"{MatchPattern.MaxDepth}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Var_RefusesANegativeNumber_AndNamesIt() =>
        Assert.Contains("-1", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Match.Var(-1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Placeholders_LookAsInEts()
    {
        Assert.Equal("_", Match.Any.ToString());
        Assert.Equal("$3", Match.Var(3).ToString());
        Assert.Equal(Match.Any, default);
        Assert.True(Match.Var(1) == Match.Var(1));
        Assert.True(Match.Var(1) != Match.Var(2));
        Assert.False(Match.Var(1).Equals("1"));
    }

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public async Task GetByMatch_GivesTheDocumentedResults_ForOddPatterns(TableKind kind)
    {
        await using SuperCacheEngine cache = await Start.Cache(kind);
        cache.Put((1, "a", 1));
        cache.Put((2, "b", 2));
        cache.Put((3, "c", 9));

        Assert.Empty(cache.GetByMatch((Match.Any, Match.Any, Match.Any, Match.Any, Match.Any)));
        Assert.Equal(3, cache.GetByMatch((Match.Any, Match.Any, Match.Any)).Count);
        Assert.All(cache.GetByMatch((Match.Any, Match.Any, Match.Any)), Assert.Empty);
        Assert.Equal([1, 2], cache.GetByMatch((Match.Var(0), Match.Any, Match.Var(0))).Select(row =>
            (int)row[0]!).Order());
        Assert.Empty(cache.GetByMatchObject(((object?)null, Match.Any, Match.Any)));
        Assert.Throws<ArgumentException>(() => cache.GetByMatch(ValueTuple.Create()));
        Assert.Throws<ArgumentNullException>(() => cache.GetByMatch(null!));
        Assert.Throws<ArgumentNullException>(() => cache.GetByMatchObject(null!));
        Assert.Throws<ArgumentNullException>(() => cache.DeleteByMatch(null!));
        Assert.Throws<ArgumentException>(() => cache.DeleteByMatch(ValueTuple.Create()));
        Assert.Equal(3, cache.GetStatistics().TotalCount);
        Assert.Equal([[2, "b"]], cache.GetByMatch((2, Match.Var(1), Match.Var(0))));
    }
}
