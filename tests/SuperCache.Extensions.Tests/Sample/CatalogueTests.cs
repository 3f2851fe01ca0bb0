using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace SuperCache.Extensions.Tests.Sample;

public sealed class CatalogueTests(SampleApplication application) : IClassFixture<SampleApplication>
{
    private readonly HttpClient _client = application.CreateClient();

    [Fact]
    public async Task SecondGet_ComesFromTheCache_WithoutTouchingTheDatabase()
    {
        SampleResponse first = await SampleResponse.GetAsync(_client, "/api/products/101");
        long reads = application.DatabaseReads;
        SampleResponse second = await SampleResponse.GetAsync(_client, "/api/products/101");

        Assert.Equal(("miss", "database"), (first.Cache, first.Source));
        Assert.Equal(("hit", "cache"), (second.Cache, second.Source));
        Assert.Equal(reads, application.DatabaseReads);
        Assert.Equal(first.Value.GetRawText(), second.Value.GetRawText());
        Assert.True(second.Body.GetProperty("microseconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task SecondGetOfAPage_ComesFromTheCache_WithoutTouchingTheDatabase()
    {
        SampleResponse first = await SampleResponse.GetAsync(_client, "/api/categories/books/products?page=2");
        long reads = application.DatabaseReads;
        SampleResponse second = await SampleResponse.GetAsync(_client, "/api/categories/books/products?page=2");
        SampleResponse other = await SampleResponse.GetAsync(_client, "/api/categories/books/products");

        Assert.Equal(("miss", "hit", "miss"), (first.Cache, second.Cache, other.Cache));
        Assert.Equal(reads + 1, application.DatabaseReads);
        Assert.Equal(24, second.Value.GetProperty("products").GetArrayLength());
        Assert.All(
            second.Value.GetProperty("products").EnumerateArray(),
            p => Assert.Equal("books", p.GetProperty("category").GetString()));
        Assert.Equal(53, second.Value.GetProperty("pageCount").GetInt32());
    }

    [Fact]
    public async Task Put_IsVisibleInTheNextGet_OfTheProductAndItsPage()
    {
        const string page = "/api/categories/toys/products";
        SampleResponse before = await SampleResponse.GetAsync(_client, page);
        int id = before.Value.GetProperty("products")[3].GetProperty("id").GetInt32();
        await SampleResponse.GetAsync(_client, $"/api/products/{id}");

        using HttpResponseMessage put =
            await _client.PutAsJsonAsync($"/api/products/{id}", new { name = "Renamed", price = 12.34, stock = 5 });
        SampleResponse product = await SampleResponse.GetAsync(_client, $"/api/products/{id}");
        SampleResponse after = await SampleResponse.GetAsync(_client, page);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("miss", product.Cache);
        Assert.Equal("Renamed", product.Value.GetProperty("name").GetString());
        Assert.Equal(12.34m, product.Value.GetProperty("price").GetDecimal());
        Assert.Equal("miss", after.Cache);
        Assert.Equal("Renamed", after.Value.GetProperty("products")[3].GetProperty("name").GetString());
        Assert.Equal("hit", (await SampleResponse.GetAsync(_client, page)).Cache);
    }

    [Theory]
    [InlineData("{\"name\":\"\",\"price\":1,\"stock\":1}", "Name")]
    [InlineData("{\"name\":\"x\",\"price\":0,\"stock\":1}", "Price")]
    [InlineData("{\"name\":\"x\",\"price\":1,\"stock\":-1}", "Stock")]
    [InlineData("{\"name\":\"x\",\"price\":1}", "Stock")]
    public async Task Put_IsRefused_NamingTheField_AndChangesNothing(string body, string field)
    {
        SampleResponse before = await SampleResponse.GetAsync(_client, "/api/products/77");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await _client.PutAsync("/api/products/77", content);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        SampleResponse after = await SampleResponse.GetAsync(_client, "/api/products/77");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
        Assert.Equal("hit", after.Cache);
        Assert.Equal(before.Value.GetRawText(), after.Value.GetRawText());
    }

    [Theory]
    [InlineData("/api/products/0")]
    [InlineData("/api/products/20001")]
    [InlineData("/api/categories/nothing/products")]
    [InlineData("/api/categories/books/products?page=0")]
    [InlineData("/api/categories/books/products?page=54")]
    public async Task Get_IsNotFound_WhenThereIsNoSuchThing(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task ManyMissesTogether_ReadTheDatabaseOnce()
    {
        long reads = application.DatabaseReads;

        SampleResponse[] responses = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => Task.Run(() => SampleResponse.GetAsync(_client, "/api/products/555"))));

        Assert.Equal(reads + 1, application.DatabaseReads);
        Assert.Equal(31, responses.Count(r => r.Cache == "hit"));
    }

    [Fact]
    public async Task Catalogue_HasTwentyThousandProducts()
    {
        SampleResponse last = await SampleResponse.GetAsync(_client, "/api/products/20000");

        Assert.Equal(20_000, last.Value.GetProperty("id").GetInt32());
    }
}
