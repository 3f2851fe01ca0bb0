using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebApi.Catalogue;

namespace SuperCache.Extensions.Tests.Sample;

/// <summary>The sample, with a database file of its own and a clock that tests move.</summary>
public sealed class SampleApplication : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("supercache-sample-").FullName;

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>How many queries the database has answered.</summary>
    public long DatabaseReads => Services.GetRequiredService<ProductStore>().Reads;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Catalogue:Path", Path.Combine(_folder, "catalogue.db"));
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(_folder))
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }
}

/// <summary>A response as the tests look at it.</summary>
/// <param name="Cache">The header <c>X-Cache</c>.</param>
/// <param name="Body">The document.</param>
public sealed record SampleResponse(string? Cache, JsonElement Body)
{
    public JsonElement Value => Body.GetProperty("value");

    public string? Source => Body.GetProperty("source").GetString();

    public static async Task<SampleResponse> GetAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return new SampleResponse(
            response.Headers.TryGetValues("X-Cache", out IEnumerable<string>? values) ? values.Single() : null,
            await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
