using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

/// <summary>A table by number shows what was shown to it, under that number alone.</summary>
public sealed class DirectTableTests
{
    private const int Length = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(-50)]
    [InlineData(1_000_000)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue - 50 - 1)]
    public void Ints_AreFoundByThemselvesOnly(int origin)
    {
        DirectSlot<(int, int)>[] table = DirectTable<(int, int)>.Create(origin & ~1, Length);
        int first = (origin & ~1) + 1;
        Assert.False(DirectTable<(int, int)>.Covers(table, first - 1L));
        for (int i = 0; i < Length - 1 && (long)first + i <= int.MaxValue; i++)
        {
            int key = first + i;
            Assert.True(DirectTable<(int, int)>.Covers(table, key));
            AssertHidden(table, key);
            DirectTable<(int, int)>.Show(table, key, (key, i));
            Assert.True(DirectTable<(int, int)>.TryGet(table, key, out (int, int) found));
            Assert.Equal((key, i), found);
            AssertHidden(table, unchecked(key + 1));
            AssertHidden(table, unchecked(first - 1));
            AssertHidden(table, unchecked(key + Length));
        }

        DirectTable<(int, int)>.Hide(table, first);
        AssertHidden(table, first);
        DirectTable<(int, int)>.Show(table, first, (first, -1));
        Assert.True(DirectTable<(int, int)>.TryGet(table, first, out (int, int) last));
        Assert.Equal((first, -1), last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 40)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue - 200)]
    public void Longs_AreFoundByThemselvesOnly(long origin)
    {
        DirectSlot<(long, int)>[] table = DirectTable<(long, int)>.Create(origin & ~1, Length);
        long first = (origin & ~1) + 1;
        for (int i = 0; i < Length - 1; i++)
        {
            DirectTable<(long, int)>.Show(table, first + i, (first + i, i));
        }

        for (int i = 0; i < Length - 1; i++)
        {
            Assert.True(DirectTable<(long, int)>.TryGet(table, first + i, out (long, int) found));
            Assert.Equal((first + i, i), found);
            Assert.False(DirectTable<(long, int)>.TryGet(table, unchecked(first + i + (1L << 32)), out _));
        }

        Assert.False(DirectTable<(long, int)>.TryGet(table, first - 1, out _));
        Assert.False(DirectTable<(long, int)>.TryGet(table, unchecked(first + Length - 1), out _));
    }

    [Fact]
    public void WhatHasNoSlot_IsNeitherShownNorHidden()
    {
        DirectSlot<(int, int)>[] table = DirectTable<(int, int)>.Create(10, 3);
        foreach (int key in (int[])[int.MinValue, -1, 0, 9, 10, 13, int.MaxValue])
        {
            DirectTable<(int, int)>.Show(table, key, (key, 1));
            AssertHidden(table, key);
            DirectTable<(int, int)>.Hide(table, key);
        }

        Assert.Equal([10UL, 0UL, 0UL], table.Select(slot => slot.Header));
    }

    [Fact]
    public void Hide_LetsGoOfTheRecord_AndShowDoesNotReplace()
    {
        DirectSlot<(int, string?)>[] table = DirectTable<(int, string?)>.Create(0, 3);
        DirectTable<(int, string?)>.Show(table, 1, (1, "one"));
        DirectTable<(int, string?)>.Show(table, 1, (1, "two"));
        Assert.True(DirectTable<(int, string?)>.TryGet(table, 1, out (int, string?) found));
        Assert.Equal((1, "one"), found);

        DirectTable<(int, string?)>.Hide(table, 1);
        DirectTable<(int, string?)>.Hide(table, 1);
        Assert.Null(table[1].Content.Item2);
        Assert.False(DirectTable<(int, string?)>.TryGet(table, 1, out _));
    }

    private static void AssertHidden(DirectSlot<(int, int)>[] table, int key) =>
        Assert.False(DirectTable<(int, int)>.TryGet(table, key, out _), $"{key} is shown.");
}
