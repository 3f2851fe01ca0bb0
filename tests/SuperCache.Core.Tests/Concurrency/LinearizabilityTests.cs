using System.Diagnostics;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Concurrency;

/// <summary>Whatever threads do to a key at once looks as if they had done it one after the other.</summary>
[Trait("Kind", "Soak")]
public sealed class LinearizabilityTests
{
    private const int Keys = 3;
    private const int ActsOfAThread = 12;

    [Theory]
    [InlineData(TableKind.Set, 2)]
    [InlineData(TableKind.Set, 4)]
    [InlineData(TableKind.OrderedSet, 2)]
    [InlineData(TableKind.OrderedSet, 4)]
    public async Task Histories_AreLinearizableForEachKey(TableKind kind, int threads)
    {
        var watch = Stopwatch.StartNew();
        for (int run = 0; watch.Elapsed < Soak.Length / 4; run++)
        {
            await using SuperCacheEngine cache = await Start.Cache(kind, partitions: 1);
            List<Act>[][] histories = Record(cache, threads, run);
            for (int key = 0; key < Keys; key++)
            {
                Act[] acts = [.. histories.SelectMany(history => history[key])];
                Assert.True(
                    Linearizability.IsLinearizable(
                        acts), $"Run {run}, key {key}: {string.Join("; ", acts.OrderBy(act => act.Begin))}");
            }
        }
    }

    [Fact]
    public void IsLinearizable_FindsTheLie_InAHistory()
    {
        Assert.True(Linearizability.IsLinearizable(
            [new(1, 4, ActKind.Put, 1), new(
                2, 3, ActKind.Get, null), new(5, 6, ActKind.Get, 1), new(7, 8, ActKind.Delete, 0)]));
        Assert.False(Linearizability.IsLinearizable([new(1, 2, ActKind.Put, 1), new(3, 4, ActKind.Get, null)]));
        Assert.False(Linearizability.IsLinearizable(
            [new(1, 9, ActKind.Put, 1), new(2, 3, ActKind.Get, 1), new(4, 5, ActKind.Get, null)]));
        Assert.False(Linearizability.IsLinearizable([new(1, 2, ActKind.Put, 1), new(3, 4, ActKind.Delete, null)]));
    }

    private static List<Act>[][] Record(SuperCacheEngine cache, int threads, int run)
    {
        long time = 0;
        using var line = new Barrier(threads);
        List<Act>[][] histories = [.. Enumerable.Range(0, threads).Select(_ =>
            Enumerable.Range(0, Keys).Select(_ => new List<Act>()).ToArray())];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            var random = new Random(run * 31 + number);
            line.SignalAndWait();
            for (int i = 0; i < ActsOfAThread; i++)
            {
                int key = random.Next(Keys);
                int value = number * 1_000 + i;
                int choice = random.Next(10);
                long begin = Interlocked.Increment(ref time);
                (ActKind kind, int? seen) = Do(cache, key, value, choice);
                histories[number][key].Add(new Act(begin, Interlocked.Increment(ref time), kind, seen));
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return histories;
    }

    private static (ActKind Kind, int? Value) Do(SuperCacheEngine cache, int key, int value, int choice)
    {
        switch (choice)
        {
            case 0 or 1:
                cache.Put((key, value));
                return (ActKind.Put, value);
            case 2 or 3:
                cache.Put((key, value, "another type"));
                return (ActKind.Put, value);
            case 4:
                cache.Put(Tuple.Create(key, value));
                return (ActKind.Put, value);
            case 5:
                return (ActKind.Delete, cache.DeleteByKey(key) ? 1 : null);
            case 6:
                return (ActKind.Get, cache.TryGet(key, out System.Runtime.CompilerServices.ITuple record)
                    ? (int)record[1]! : null);
            default:
                return (ActKind.Get, cache.GetByKey(key) is [var found] ? (int)found[1]! : null);
        }
    }
}
