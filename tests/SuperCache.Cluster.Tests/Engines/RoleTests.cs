using System.Runtime.CompilerServices;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Every member of the cache, in every table kind, asked of the primary, a replica and a node without a
/// copy.</summary>
public class RoleTests
{
    public enum Role
    {
        Primary,
        Replica,
        Outsider,
    }

    public static TheoryData<TableKind, Role> All => new MatrixTheoryData<TableKind, Role>(
        [TableKind.Set, TableKind.OrderedSet, TableKind.Bag, TableKind.DuplicateBag],
        [Role.Primary, Role.Replica, Role.Outsider]);

    [Theory]
    [MemberData(nameof(All))]
    public async Task EveryMember_DoesWhatItDoesLocally(TableKind kind, Role role)
    {
        await using EngineCluster cluster = await EngineCluster.StartAsync(nodes: 3, o => o.TableKind = kind);
        await using SuperCacheEngine local = await SuperCacheEngine.StartAsync(
            new SuperCacheOptions { TableKind = kind, PartitionCount = 8 });
        int partition = cluster[0].Partitions.IndexOf("user");
        SuperCacheEngine engine = role switch
        {
            Role.Primary => cluster.PrimaryOf(partition),
            Role.Replica => cluster.ReplicaOf(partition),
            _ => cluster.OutsiderOf(partition),
        };

        List<string> expected = await StoryAsync(local);
        List<string> actual = await StoryAsync(engine);

        Assert.Equal(expected, actual);
        await cluster.WhenEqualAsync();
        for (int p = 0; p < 8; p++)
        {
            Assert.Single(cluster.HashesOf(p).Distinct());
        }
    }

    /// <summary>Asks for everything and writes down what is answered.</summary>
    private static async Task<List<string>> StoryAsync(SuperCacheEngine engine)
    {
        ISuperCache cache = engine;
        List<string> story = [];
        cache.Put(("user", 1, "Ann"));
        cache.Put(("user", 2, "Bob"));
        cache.Put(("user", 2, "Bob"));
        await cache.PutAsync(("item", 1, "pen"));
        Tell(cache.Get(("user", 0)), cache.Get<(string, int, string)>(("user", 0)));
        Tell(cache.TryGet("user", out (string, int, string) user), user);
        Tell(await cache.TryGetAsync<string, (string, int, string)>("item"));
        Tell(cache.GetByKey("user"), cache.GetByKeyPartition("user", "user"), cache.GetByKey("none"));
        Tell(await cache.GetByKeyAsync("user"), await cache.GetByKeyPartitionAsync("item", "item"));
        cache.PutBatch(Enumerable.Range(0, 60).Select(i => ("k" + (i % 20), i, "v" + (i % 3))));
        await cache.PutBatchAsync(Enumerable.Range(0, 10).Select(i => ("b" + i, i)));
        Tell(Sorted(cache.GetByMatch((Match.Any, Match.Var(0), "v1"))));
        Tell(Sorted(await cache.GetByMatchAsync(("k3", Match.Var(1), Match.Var(0)), PartitionScope.Of("k3"))));
        Tell(cache.GetByMatchObject(("k5", Match.Any, Match.Any)), cache.GetByMatch(("user", Match.Var(0), Match.Any)));
        Tell(Sorted((await cache.GetByMatchObjectAsync((Match.Any, Match.Any))).Select(r => r.ToString()!)));
        Tell(cache.DeleteByMatch((Match.Any, Match.Any, "v2")), cache.DeleteByMatch(("k1", Match.Any, "v1")));
        Tell(await cache.DeleteByMatchAsync((Match.Any, 3)), cache.DeleteByMatch(("none", Match.Any)));
        Tell(cache.Delete(("k0", 0)), await cache.DeleteAsync(("k0", 0)), cache.DeleteByKey("k3"));
        Tell(await cache.DeleteByKeyAsync("none"), cache.DeleteByKeyPartition("k4", "k4"));
        Tell(await cache.DeleteByKeyPartitionAsync("k5", "k5"));
        Tell(Sorted((await cache.GetByMatchObjectAsync((Match.Any, Match.Any, Match.Any))).Select(r => r.ToString()!)));
        cache.LazyPut(("lazy", 1));
        cache.LazyPut(("lazy", 2));
        await cache.FlushAsync();
        Tell(cache.GetByKey("lazy"));
        Tell(cache.Safe.Put(("safe", 1)).IsSuccess, cache.Safe.GetByKey("safe").Value!);
        Tell(cache.Safe.Put((1, (string?)null)).IsSuccess, (await cache.Safe.GetByKeyAsync(1)).Value!);
        Tell(cache.Partitions.For("user").Get("user"), cache.Partitions.For("user").Count > 0);
        Tell(cache.Partitions.For("user").TryGet("user", out user), user);
        cache.DeleteAll();
        Tell(cache.GetByKey("user"), cache.GetByMatchObject((Match.Any, Match.Any)).Count);
        cache.Put(("after", 1));
        Tell(cache.GetByKey("after"));
        await cache.DeleteAllAsync();
        Tell(await cache.GetByKeyAsync("after"));
        return story;

        void Tell(params object?[] answers) => story.Add(string.Join(" | ", answers.Select(Text)));

        static string Text(object? answer) => answer switch
        {
            string text => text,
            ITuple tuple => tuple.ToString()!,
            System.Collections.IEnumerable many => "[" + string.Join(", ", many.Cast<object?>().Select(Text)) + "]",
            _ => answer?.ToString() ?? "null",
        };

        static List<string> Sorted<T>(IEnumerable<T> rows) =>
            [.. rows.Select(r => Text(r)).Order(StringComparer.Ordinal)];
    }
}
