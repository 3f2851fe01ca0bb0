using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace SuperCache.Extensions.Tests.DropIn;

/// <summary>One application, once with Microsoft's memory cache and once with SuperCache's: it behaves the
/// same.</summary>
public abstract class MemoryDropInTests(Action<IServiceCollection> addCache) : IDisposable
{
    protected MemoryDropInApplication Application { get; } = new(addCache);

    [Theory]
    [InlineData("remembered")]
    [InlineData("hybrid")]
    public async Task Book_IsServedFromMemory_UntilItIsRemoved(string door)
    {
        using HttpClient client = Application.CreateClient();
        using HttpResponseMessage added = await client.PostAsJsonAsync("/books", new Book(1, "Emma"));
        added.EnsureSuccessStatusCode();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(new Book(1, "Emma"), await client.GetFromJsonAsync<Book>($"/books/1/{door}"));
            Assert.Equal(new Book(1, "Emma"), await client.GetFromJsonAsync<Book>("/books/1"));
        }

        using HttpResponseMessage deleted = await client.DeleteAsync("/books/1");
        deleted.EnsureSuccessStatusCode();
        using HttpResponseMessage gone = await client.GetAsync($"/books/1/{door}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    public void Dispose()
    {
        Application.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class MicrosoftMemoryDropInTests() : MemoryDropInTests(services => services.AddMemoryCache());

public sealed class SuperMemoryDropInTests() : MemoryDropInTests(services => services.AddSuperCache().WithMemoryCache())
{
    [Fact]
    public void MemoryCache_IsOurs_ThoughMvcAndHybridCacheAddTheirs()
    {
        Assert.IsType<SuperMemoryCache>(Application.Services.GetRequiredService<IMemoryCache>());
        Assert.Same(
            Application.Services.GetRequiredService<IMemoryCache>(),
            Application.Services.GetRequiredKeyedService<IMemoryCache>(SuperCacheEngine.DefaultName));
    }

    [Fact]
    public async Task EfCoreAndHybridCache_KeepTheirEntriesInOurs()
    {
        using HttpClient client = Application.CreateClient();
        using HttpResponseMessage added = await client.PostAsJsonAsync("/books", new Book(2, "Persuasion"));
        added.EnsureSuccessStatusCode();
        await client.GetFromJsonAsync<Book>("/books/2/hybrid");
        string[] types = [.. Application.Services.GetRequiredService<SuperMemoryCache>().Keys.Select(k =>
            k.GetType().Name)];
        Assert.Contains("String", types);
        Assert.Contains(types, type => type.Contains("CacheKey", StringComparison.Ordinal));
    }
}

/// <summary>With a size limit that is far too small everything still works, only less of it is remembered.</summary>
public sealed class SmallMemoryDropInTests() : MemoryDropInTests(
    services => services.AddSuperCache(options => options.SizeLimit = 100_000).WithMemoryCache());
