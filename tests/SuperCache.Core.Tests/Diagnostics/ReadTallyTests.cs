using System.Runtime.CompilerServices;
using SuperCache.Diagnostics;
using Xunit;

namespace SuperCache.Core.Tests.Diagnostics;

public sealed class ReadTallyTests
{
    /// <summary>Two threads that took one cell would lose counts of each other.</summary>
    [Fact]
    public void Total_IsExact_WhileManyThreadsCountAtManyDepthsOfTheirStacks()
    {
        var tally = new ReadTally();
        const int Threads = 64;
        const int Depths = 300;
        const int Each = 500;
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            CountAtDepth(tally, Depths, Each);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        (long hits, long misses) = tally.Total();
        Assert.Equal((long)Threads * Depths * Each, hits);
        Assert.Equal((long)Threads * Depths, misses);
    }

    [Fact]
    public void Total_KeepsTheCountsOfThreadsThatHaveEnded()
    {
        var tally = new ReadTally();
        for (int i = 0; i < 100; i++)
        {
            var thread = new Thread(tally.Hit);
            thread.Start();
            thread.Join();
        }

        Assert.Equal((100L, 0L), tally.Total());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CountAtDepth(ReadTally tally, int depth, int hits)
    {
        Span<byte> room = stackalloc byte[400];
        room[depth % room.Length] = 1;
        for (int i = 0; i < hits; i++)
        {
            tally.Hit();
        }

        tally.Miss();
        if (depth > 1)
        {
            CountAtDepth(tally, depth - 1, hits);
        }
    }
}
