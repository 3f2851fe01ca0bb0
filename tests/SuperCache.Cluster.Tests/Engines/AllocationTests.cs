using System.Diagnostics;
using System.Reflection;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>What reads in a cluster allocate where the node holds the record, counted by the runtime.</summary>
public class AllocationTests
{
    private const int Calls = 1_000;

    private static readonly bool IsDebugBuild =
        typeof(SuperCacheEngine).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    [Fact]
    public async Task TryGet_AllocatesNothing_WhateverTheTypeOfTheKey()
    {
        Assert.SkipWhen(IsDebugBuild, "A debug build boxes what the optimiser leaves in registers.");
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 1);
        SuperCacheEngine cache = cluster[0];
        AssertAllocatesNothing(cache, "key", "other");
        AssertAllocatesNothing(cache, (short)1, (short)2);
        AssertAllocatesNothing(cache, 'a', 'b');
        AssertAllocatesNothing(cache, 1.5, 2.5);
        AssertAllocatesNothing(cache, 1.5m, 2.5m);
        AssertAllocatesNothing(cache, DateTime.UnixEpoch, DateTime.MaxValue);
        AssertAllocatesNothing(cache, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        AssertAllocatesNothing(cache, (1, "key"), (1, "other"));
        AssertAllocatesNothing(cache, ("tenant", Guid.AllBitsSet, 1L), ("tenant", Guid.Empty, 1L));
    }

    private static void AssertAllocatesNothing<TKey>(SuperCacheEngine cache, TKey key, TKey missing)
        where TKey : notnull
    {
        cache.Put((key, 1));
        Assert.True(cache.TryGet(key, out (TKey, int) _));
        long bytes = long.MaxValue;

        // The last tier of the compiler comes after some thousands of calls, on a busy machine after some millions.
        for (int attempt = 0; attempt < 20_000 && bytes >= Calls; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                cache.TryGet(key, out (TKey, int) _);
                cache.TryGet(missing, out (TKey, int) _);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(bytes < Calls, $"A hit and a miss by a {typeof(TKey)} allocate {bytes / Calls} bytes.");
    }
}
