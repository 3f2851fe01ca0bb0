using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SuperCache;
using SuperCache.ClusterNode;

// One node of a cluster as a process of its own, as an application would run it. Tests write commands to its standard
// input and read answers from its standard output; "stop" and the end of the input stop it in order.
var arguments = new NodeArguments(args);
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff "))
    .AddFilter("SuperCache", LogLevel.Information);
builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
    o => o.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services.AddSuperCache(o =>
{
    o.ReplicationMode = arguments.Mode;
    o.ReplicationFactor = arguments.Copies;
    o.PartitionCount = arguments.Partitions;
}).WithRedis(o =>
{
    o.Configuration = arguments.Redis;
    o.ClusterName = arguments.Cluster;
    o.NodeLabel = arguments.Label;
    o.Lease = arguments.Lease;
    o.RequestTimeout = arguments.RequestTimeout;
});
using IHost host = builder.Build();
await host.StartAsync();

TextWriter output = Console.Out;
var commands = new NodeCommands(host.Services.GetRequiredService<SuperCacheEngine>(), output);
await output.WriteLineAsync("ready");
while (await Console.In.ReadLineAsync() is { } line && line != "stop")
{
    _ = commands.RunAsync(line);
}

await host.StopAsync();
await output.WriteLineAsync("stopped");
