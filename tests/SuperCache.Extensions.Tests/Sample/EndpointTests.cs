using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace SuperCache.Extensions.Tests.Sample;

public sealed class EndpointTests(SampleApplication application) : IClassFixture<SampleApplication>
{
    private readonly HttpClient _client = application.CreateClient();

    [Fact]
    public async Task Note_IsRefused_WhenTheBodyIsNoNote()
    {
        using var body = new StringContent("\"two seconds\"", Encoding.UTF8, "application/json");
        using HttpResponseMessage put = await _client.PutAsync("/api/notes/n", body);
        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
    }

    [Fact]
    public async Task Cart_SurvivesRequests_AndBelongsToItsBrowser()
    {
        using HttpClient other = application.CreateClient();
        await _client.PostAsync("/api/cart/7", null);
        await _client.PostAsync("/api/cart/7", null);
        await _client.PostAsync("/api/cart/9", null);
        await other.PostAsync("/api/cart/1", null);

        Assert.Equal("{\"7\":2,\"9\":1}", await _client.GetStringAsync("/api/cart"));
        Assert.Equal("{\"1\":1}", await other.GetStringAsync("/api/cart"));
        await _client.DeleteAsync("/api/cart");
        Assert.Equal("{}", await _client.GetStringAsync("/api/cart"));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.PostAsync("/api/cart/20001", null)).StatusCode);
    }

    [Fact]
    public async Task Note_IsStoredReadAndRemoved()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/notes/n")).StatusCode);
        using HttpResponseMessage put = await _client.PutAsJsonAsync("/api/notes/n", new { text = "Grüße" });
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal(
            "Grüße", (await _client.GetFromJsonAsync<JsonElement>("/api/notes/n")).GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync("/api/notes/n")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/notes/n")).StatusCode);
    }

    [Theory]
    [InlineData("/api/notes/n?seconds=0", "hello", "seconds is 0; it must be between 0.001 and 86400.")]
    [InlineData("/api/notes/n?seconds=-2", "hello", "seconds is -2; it must be between 0.001 and 86400.")]
    [InlineData("/api/notes/n?seconds=NaN", "hello", "seconds is NaN; it must be between 0.001 and 86400.")]
    [InlineData("/api/notes/n", "", "The text must have 1 to 4000 characters.")]
    public async Task Note_IsRefused_NamingTheRule(string path, string text, string message)
    {
        using HttpResponseMessage response = await _client.PutAsJsonAsync(path, new { text });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryEndpoint()
    {
        JsonElement document = await _client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        string[] paths =
            [.. document.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "/api/cart", "/api/cart/{productId}", "/api/categories", "/api/categories/{category}/products",
                "/api/cluster", "/api/notes/{name}", "/api/products/{id}", "/api/statistics",
            ],
            paths);
        JsonElement get = document.GetProperty("paths").GetProperty("/api/products/{id}").GetProperty("get");
        Assert.Equal(
            "Reads a product: from the cache, else from the database.", get.GetProperty("summary").GetString());
    }

    [Fact]
    public async Task LandingPage_NeedsNothingFromElsewhere()
    {
        string page = await _client.GetStringAsync("/");
        string style = await _client.GetStringAsync("/app.css");
        string script = await _client.GetStringAsync("/app.js");

        Assert.Contains("SuperCache", page, StringComparison.Ordinal);
        foreach (string text in new[] { page, style, script })
        {
            Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Statistics_CountRecordsHitsAndMisses()
    {
        await SampleResponse.GetAsync(_client, "/api/products/31");
        await SampleResponse.GetAsync(_client, "/api/products/31");

        JsonElement statistics = await _client.GetFromJsonAsync<JsonElement>("/api/statistics");

        Assert.True(statistics.GetProperty("records").GetInt64() >= 1);
        Assert.True(statistics.GetProperty("hits").GetInt64() >= 1);
        Assert.True(statistics.GetProperty("misses").GetInt64() >= 1);
        Assert.Equal(8, statistics.GetProperty("partitions").GetArrayLength());
    }
}
