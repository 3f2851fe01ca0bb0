using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Docs;

/// <summary>The examples of docs/records-and-matching.md.</summary>
/// <remarks><see cref="DocsTests"/> holds the page equal to them.</remarks>
public sealed class RecordsAndMatchingExamples
{
    [Fact]
    public async Task Records()
    {
        await using SuperCacheEngine engine = await Start.Cache();
        ISuperCache cache = engine;

        // example: records
        cache.Put(("user:1", "Alice", 31));
        cache.Put(Tuple.Create("user:2", "Bob", 27));

        bool found = cache.TryGet("user:1", out (string Key, string Name, int Age) alice);
        IReadOnlyList<System.Runtime.CompilerServices.ITuple> bob = cache.GetByKey("user:2");
        // end

        Assert.True(found);
        Assert.Equal("Alice", alice.Name);
        Assert.Equal(27, Assert.Single(bob)[2]);
    }

    [Fact]
    public async Task Positions()
    {
        // example: positions
        var options = new SuperCacheOptions { KeyPosition = 1, PartitionPosition = 0, PartitionCount = 16 };
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(options);

        cache.Put(("tenant-a", 17, "order"));
        cache.Put(("tenant-b", 18, "order"));

        var ofTenantA = cache.GetByKeyPartition(17, "tenant-a");
        var sameByTemplate = cache.Get(("tenant-a", 17));
        // end

        Assert.Equal(("tenant-a", 17, "order"), Assert.Single(ofTenantA));
        Assert.Equal(ofTenantA, sameByTemplate);
    }

    [Fact]
    public async Task Kinds()
    {
        // example: kinds
        await using SuperCacheEngine tags = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { TableKind = TableKind.Bag });

        tags.Put(("article:1", "cache"));
        tags.Put(("article:1", "dotnet"));
        tags.Put(("article:1", "cache"));

        int count = tags.GetByKey("article:1").Count;   // 2: an equal record is kept once
        // end

        Assert.Equal(2, count);
    }

    [Fact]
    public async Task Order()
    {
        // example: order
        await using SuperCacheEngine scores = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { TableKind = TableKind.OrderedSet, PartitionCount = 1 });

        scores.Put((30, "Carol"));
        scores.Put((10, "Alice"));
        scores.Put((20, "Bob"));

        string names = scores.Scan("", (text, record) => $"{text} {record[1]}");   // " Alice Bob Carol"
        // end

        Assert.Equal(" Alice Bob Carol", names);
    }

    [Fact]
    public async Task Patterns()
    {
        await using SuperCacheEngine engine = await Start.Cache();
        ISuperCache cache = engine;

        // example: patterns
        cache.Put((1, "Alice", ("Berlin", "DE")));
        cache.Put((2, "Bob", ("Paris", "FR")));
        cache.Put((3, "Berlin", ("Berlin", "DE")));

        // The names and cities of all that live in Germany: $0 and $1 of each matching record.
        var german = cache.GetByMatch((Match.Any, Match.Var(0), (Match.Var(1), "DE")));

        // A variable that repeats must meet equal values: whoever is called like the city.
        var namesakes = cache.GetByMatchObject((Match.Any, Match.Var(0), (Match.Var(0), Match.Any)));

        // A key that is a value reads that key alone.
        var bobsCity = cache.GetByMatch((2, Match.Any, (Match.Var(0), Match.Any)));

        long removed = cache.DeleteByMatch((Match.Any, Match.Any, (Match.Any, "DE")));
        // end

        Assert.Equal(["Alice", "Berlin"], german.Select(row => row[0]!.ToString()).Order());
        Assert.All(german, row => Assert.Equal("Berlin", row[1]));
        Assert.Equal(3, Assert.Single(namesakes)[0]);
        Assert.Equal(["Paris"], Assert.Single(bobsCity));
        Assert.Equal(2, removed);
    }

    [Fact]
    public async Task Scope()
    {
        // example: scope
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { KeyPosition = 1, PartitionPosition = 0, PartitionCount = 64 });
        cache.PutBatch([("tenant-a", 1, 9.5m), ("tenant-a", 2, 20m), ("tenant-b", 3, 7m)]);

        // Only the partition of tenant-a is visited; others may share it, so the pattern names the tenant too.
        var prices = cache.GetByMatch(("tenant-a", Match.Any, Match.Var(0)), PartitionScope.Of("tenant-a"));
        decimal total = cache.Scan(0m, (sum, record) => sum + (decimal)record[2]!);
        // end

        Assert.Equal([9.5m, 20m], prices.Select(row => (decimal)row[0]!).Order());
        Assert.Equal(36.5m, total);
    }
}
