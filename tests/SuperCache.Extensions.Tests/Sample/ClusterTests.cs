using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using SuperCache.TestKit.Redis;
using WebApi;
using WebApi.Cluster;
using Xunit;

namespace SuperCache.Extensions.Tests.Sample;

/// <summary>The sample with <c>--nodes 2</c>, over the server that it brings itself.</summary>
public class ClusterTests
{
    [Fact]
    public async Task NoteWrittenAtOneNode_IsReadAtTheOther()
    {
        string folder = Directory.CreateTempSubdirectory("supercache-sample-").FullName;
        string[] args = ["--applicationName", "WebApi", "--Catalogue:Path", Path.Combine(folder, "catalogue.db")];
        using var redis = EmbeddedRedis.Start();
        var cluster = new ClusterArguments(2, null, FreePort.Next());
        WebApplication[] nodes =
            [.. Enumerable.Range(0, 2).Select(i => Instance.Build(args, cluster, i, redis.EndPoint))];
        foreach (WebApplication node in nodes)
        {
            await node.StartAsync();
        }

        using var client = new HttpClient();
        HttpResponseMessage put = await client.PutAsJsonAsync(
            cluster.Addresses[0] + "/api/notes/n", new { text = "hello" });
        HttpResponseMessage get = await client.GetAsync(new Uri(cluster.Addresses[1] + "/api/notes/n"));
        JsonElement page = await client.GetFromJsonAsync<JsonElement>(cluster.Addresses[1] + "/api/cluster");
        JsonElement product = await client.GetFromJsonAsync<JsonElement>(cluster.Addresses[0] + "/api/products/7");
        JsonElement again = await client.GetFromJsonAsync<JsonElement>(cluster.Addresses[1] + "/api/products/7");

        Assert.Equal("node-1", put.Headers.GetValues(ClusterSetup.NodeHeader).Single());
        Assert.Equal("node-2", get.Headers.GetValues(ClusterSetup.NodeHeader).Single());
        Assert.Contains("hello", await get.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, page.GetProperty("nodes").GetArrayLength());
        Assert.Equal("database", product.GetProperty("source").GetString());
        Assert.Equal("cache", again.GetProperty("source").GetString());
        using var foreign = new HttpRequestMessage(HttpMethod.Get, cluster.Addresses[0] + "/api/categories");
        foreign.Headers.Add("Origin", "null");
        Assert.True((await client.SendAsync(foreign)).IsSuccessStatusCode);

        foreach (WebApplication node in nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Arguments_NameValueAndRange_WhenTheyAreWrong()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClusterArguments.From(["--nodes", "10"]));

        Assert.Contains("--nodes is 10; it must be between 1 and 9", error.Message, StringComparison.Ordinal);
    }
}
