using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace SuperCache.Extensions.Tests.Sample;

/// <summary>Tests that move the sample's clock, each with a sample of its own.</summary>
public sealed class ExpirationTests : IDisposable
{
    private readonly SampleApplication _application = new();
    private readonly HttpClient _client;

    public ExpirationTests() => _client = _application.CreateClient();

    [Fact]
    public async Task Product_IsReadFromTheDatabaseAgain_AfterFiveMinutes()
    {
        await SampleResponse.GetAsync(_client, "/api/products/5");

        _application.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal("hit", (await SampleResponse.GetAsync(_client, "/api/products/5")).Cache);
        _application.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("miss", (await SampleResponse.GetAsync(_client, "/api/products/5")).Cache);
    }

    [Fact]
    public async Task Note_IsGone_AfterTwoSeconds()
    {
        (await _client.PutAsJsonAsync("/api/notes/a?seconds=2", new { text = "hello" })).EnsureSuccessStatusCode();

        _application.Clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.Equal(
            "hello", (await _client.GetFromJsonAsync<JsonElement>("/api/notes/a")).GetProperty("text").GetString());
        _application.Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/notes/a")).StatusCode);
    }

    [Fact]
    public async Task Cart_IsGone_WhenNobodyCameForTwentyMinutes()
    {
        await _client.PostAsync("/api/cart/7", null);
        for (int i = 0; i < 3; i++)
        {
            _application.Clock.Advance(TimeSpan.FromMinutes(19));
            Assert.Equal("{\"7\":1}", await _client.GetStringAsync("/api/cart"));
        }

        _application.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("{}", await _client.GetStringAsync("/api/cart"));
    }

    public void Dispose() => _application.Dispose();
}
