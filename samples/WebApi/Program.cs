using SuperCache;
using WebApi;
using WebApi.Catalogue;
using WebApi.Cluster;

var cluster = ClusterArguments.From(args);
if (!cluster.IsCluster)
{
    WebApplication app = Instance.Build(args, cluster, 0, redis: null);
    Rehearsal.Run(app.Services.GetRequiredService<ISuperCache>(), app.Services.GetRequiredService<ProductStore>());
    app.Run();
    return;
}

using EmbeddedRedis? embedded = cluster.Redis is null ? EmbeddedRedis.Start() : null;
string redis = cluster.Redis ?? embedded!.EndPoint;
WebApplication[] instances =
    [.. Enumerable.Range(0, cluster.Nodes).Select(i => Instance.Build(args, cluster, i, redis))];
foreach (WebApplication instance in instances)
{
    await instance.StartAsync();
}

// Ctrl+C reaches all of them; each hands over to those that stop after it.
await Task.WhenAny(instances.Select(instance => instance.WaitForShutdownAsync()));
foreach (WebApplication instance in instances)
{
    await instance.StopAsync();
    await instance.DisposeAsync();
}
