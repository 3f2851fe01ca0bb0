using System.Text.Json.Serialization;
using SuperCache;
using WebApi.Catalogue;

namespace WebApi.Cluster;

/// <summary>What one instance needs beyond a local cache to be a node.</summary>
public static class ClusterSetup
{
    /// <summary>The header that says which node answered.</summary>
    public const string NodeHeader = "X-Node";

    /// <summary>Makes the cache a node of the cluster that meets at a Redis server.</summary>
    public static void AddCluster(this WebApplicationBuilder builder, string redis, string label)
    {
        builder.Services.AddSuperCache(options => RegisterTypes(options.WireTypes)).WithRedis(options =>
        {
            options.Configuration = redis;
            options.ClusterName = "catalogue";
            options.NodeLabel = label;
        }).WithHealthCheck();

        // The page of one node shows what the others answer.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origin => Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.IsLoopback)
            .AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(NodeHeader)));
    }

    /// <summary>Says with each answer who gave it.</summary>
    public static void UseCluster(this WebApplication app, string label)
    {
        app.UseCors();
        app.Use((context, next) =>
        {
            context.Response.Headers[NodeHeader] = label;
            return next(context);
        });
        app.MapHealthChecks("/health/ready");
    }

    /// <summary>Types of the application's own travel under names that never change.</summary>
    private static void RegisterTypes(WireTypeRegistry types) => types
        .Add("product", CatalogueJson.Default.Product)
        .Add("page", CatalogueJson.Default.CategoryPage);
}

/// <summary>How the catalogue's types are written.</summary>
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(CategoryPage))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
