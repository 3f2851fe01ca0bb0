using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SuperCache.Extensions.Tests.Readme;

/// <summary>The README's examples: what stands between two markers is, without indentation, a block of the
/// README.</summary>
public static class ReadmeExamples
{
    public static WebApplication Application(string[] args)
    {
        // readme: application
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSuperCache();
        WebApplication app = builder.Build();

        app.MapGet("/hello/{name}", (string name, ISuperCache cache) =>
        {
            if (cache.TryGet(name, out (string Name, int Visits) visitor))
            {
                visitor.Visits++;
            }
            else
            {
                visitor = (name, 1);
            }

            cache.Put(visitor, new CacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10) });
            return $"Hello {name}, visit no. {visitor.Visits}";
        });
        // readme: end
        return app;
    }

    public static (string Name, int Pages) Records(ISuperCache cache)
    {
        // readme: records
        cache.Put((42, "Kettle", 39.90m));
        cache.Put((("tools", 2), "second page of the tools"));

        cache.TryGet(42, out (int Id, string Name, decimal Price) kettle);
        IReadOnlyList<ITuple> page = cache.GetByKey(("tools", 2));
        cache.DeleteByKey(42);
        // readme: end
        return (kettle.Name, page.Count);
    }

    public static (int Admins, long Deleted) Patterns(ISuperCache cache)
    {
        // readme: patterns
        cache.PutBatch([("ann", "admin", 31), ("bob", "user", 25), ("cat", "admin", 40)]);

        IReadOnlyList<object?[]> admins = cache.GetByMatch((Match.Var(0), "admin", Match.Any));
        long deleted = cache.DeleteByMatch((Match.Any, "user", Match.Any));
        // readme: end
        return (admins.Count, deleted);
    }

    public static void Named(IServiceCollection services)
    {
        // readme: named
        services.AddSuperCache();
        services.AddSuperCache("orders", options =>
        {
            options.TableKind = TableKind.OrderedSet;
            options.PartitionCount = 16;
        });
        // readme: end
    }

    public static void Cluster(WebApplicationBuilder builder)
    {
        // readme: cluster
        builder.Services.AddSuperCache(options =>
        {
            options.ReplicationMode = ReplicationMode.Sync;
            options.WireTypes.Add("customer", ShopJson.Default.Customer);
        }).WithRedis("localhost:6379").WithHealthCheck();
        // readme: end
    }

    public static async Task<Customer?> ClusterReadAsync(ISuperCache cache)
    {
        // readme: clusterRead
        await cache.PutAsync(("ann", new Customer("Ann", 31)));
        (bool found, (string Key, Customer Value) record) =
            await cache.TryGetAsync<string, (string, Customer)>("ann", ReadMode.Primary);
        // readme: end
        return found ? record.Value : null;
    }

    public static async Task<int> EngineAsync()
    {
        // readme: engine
        await using SuperCacheEngine cache =
            await SuperCacheEngine.StartAsync(new SuperCacheOptions { PartitionCount = 4 });
        // readme: end
        return cache.Partitions.Count;
    }

    public sealed record Customer(string Name, int Age);

    // readme: keyed
    public sealed class OrderReader([FromKeyedServices("orders")] ISuperCache orders)
    {
        public bool Exists(Guid id) => orders.TryGet(id, out (Guid Id, decimal Total) _);
    }
    // readme: end
}

/// <summary>How the README's types are written.</summary>
[JsonSerializable(typeof(ReadmeExamples.Customer))]
internal sealed partial class ShopJson : JsonSerializerContext;
