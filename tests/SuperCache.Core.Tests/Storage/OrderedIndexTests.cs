using CsCheck;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class OrderedIndexTests
{
    [Fact]
    public void Index_EqualsASortedDictionary_ForAnyPutsAndRemovals() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 99], Gen.Int[1, 90]).SelectMany((keys, _, bias) =>
            Gen.Select(Gen.Int[0, keys], Gen.Int[0, 99].Select(n => n < bias)).Array[0, 4_000]).Sample(steps =>
        {
            var index = new OrderedIndex();
            var expected = new SortedDictionary<int, OrderedEntry>();
            foreach ((int key, bool isPut) in steps)
            {
                if (isPut)
                {
                    var entry = new OrderedEntry(key, (key, 0), null);
                    Assert.Same(expected.GetValueOrDefault(key), index.Put(entry));
                    expected[key] = entry;
                }
                else
                {
                    Assert.Same(expected.GetValueOrDefault(key), index.Remove(key));
                    expected.Remove(key);
                }

                Assert.Same(expected.GetValueOrDefault(key), index.Find(key));
            }

            Assert.Equal(expected.Count, index.Count);
            Assert.Equal(expected.Values, All(index));
        }, iter: 60);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(7_919)]
    public void Index_StaysOrdered_WhateverTheOrderOfArrivalAndRemoval(int stride)
    {
        const int Keys = 20_000;
        var index = new OrderedIndex();
        for (int i = 0; i < Keys; i++)
        {
            index.Put(Entry(Place(i)));
        }

        Assert.Equal(Enumerable.Range(0, Keys), All(index).Select(entry => (int)entry.Key));
        for (int i = 0; i < Keys; i++)
        {
            Assert.NotNull(index.Remove(Place(i)));
            if (i % 1_000 == 0)
            {
                Assert.Equal(Keys - i - 1, All(index).Count);
            }
        }

        Assert.Equal(0, index.Count);
        Assert.Empty(All(index));
        index.Put(Entry(5));
        Assert.NotNull(index.Find(5));

        int Place(int i) => (int)((((long)i * stride) % Keys + Keys) % Keys);
    }

    [Fact]
    public void LeafAfter_GoesOnBehindTheKey_AlsoWhenItIsGone()
    {
        var index = new OrderedIndex();
        for (int i = 0; i < 1_000; i++)
        {
            index.Put(Entry(i));
        }

        index.Remove(500);
        Assert.Equal(501, index.LeafAfter(500)[0].Key);
        Assert.Equal(0, index.LeafAfter(-5)[0].Key);
        Assert.True(index.LeafAfter(999).IsEmpty);
        index.Reset();
        Assert.True(index.LeafAfter(null).IsEmpty);
    }

    [Fact]
    [Trait("Kind", "Soak")]
    public void Visit_MeetsStableKeysOnceAndInOrder_BesideAWriter()
    {
        const int Stable = 1_000;
        var index = new OrderedIndex();
        for (int i = 0; i < Stable; i++)
        {
            index.Put(Entry(i * 100));
        }

        Action<int> writer = round =>
        {
            int key = round * 37 % (Stable * 100);
            if (key % 100 == 0)
            {
                index.Put(Entry(key));
            }
            else if (round / 50_000 % 2 == 0)
            {
                index.Put(Entry(key));
            }
            else
            {
                index.Remove(key);
            }
        };
        Soak.Run(Soak.Length / 3, writer, round =>
        {
            int last = -1;
            int stable = 0;
            foreach (OrderedEntry entry in All(index))
            {
                int key = (int)entry.Key;
                Assert.True(key > last, $"{key} came after {last}.");
                last = key;
                stable += key % 100 == 0 ? 1 : 0;
            }

            Assert.Equal(Stable, stable);
            Assert.NotNull(index.Find(round % Stable * 100));
        });
    }

    private static OrderedEntry Entry(int key) => new(key, (key, 0), null);

    private static List<OrderedEntry> All(OrderedIndex index)
    {
        var entries = new List<OrderedEntry>();
        object? last = null;
        for (ReadOnlySpan<OrderedEntry> leaf = index.LeafAfter(null); !leaf.IsEmpty; leaf = index.LeafAfter(last))
        {
            entries.AddRange(leaf);
            last = leaf[^1].Key;
        }

        return entries;
    }
}
