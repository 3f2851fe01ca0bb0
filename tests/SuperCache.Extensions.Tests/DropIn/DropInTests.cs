using System.Net;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using SuperCache.Caching;
using Xunit;

namespace SuperCache.Extensions.Tests.DropIn;

/// <summary>One application, once with Microsoft's cache and once with SuperCache: it behaves the same.</summary>
public abstract class DropInTests(Action<IServiceCollection> addCache) : IDisposable
{
    protected DropInApplication Application { get; } = new(addCache);

    [Fact]
    public async Task Session_SurvivesRequests_AndBelongsToItsBrowser()
    {
        using HttpClient one = Application.CreateClient();
        using HttpClient other = Application.CreateClient();

        Assert.Equal("1 visits", await PostAsync(one));
        Assert.Equal("2 visits", await PostAsync(one));
        Assert.Equal("1 visits", await PostAsync(other));
        Assert.Equal("3 visits", await PostAsync(one));

        static async Task<string> PostAsync(HttpClient client)
        {
            using HttpResponseMessage response = await client.PostAsync("/visits", null);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task DistributedCache_StoresAndRemoves()
    {
        using HttpClient client = Application.CreateClient();

        (await client.PutAsync("/texts/greeting?text=hello", null)).EnsureSuccessStatusCode();
        Assert.Equal("hello", await client.GetStringAsync("/texts/greeting"));
        (await client.DeleteAsync("/texts/greeting")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/texts/greeting")).StatusCode);
    }

    [Fact]
    public async Task HybridCache_MakesAValueOnce_UntilItsTagIsRemoved()
    {
        using HttpClient client = Application.CreateClient();

        Assert.Equal("a no. 1", await client.GetStringAsync("/made/a?tag=red"));
        Assert.Equal("a no. 1", await client.GetStringAsync("/made/a?tag=red"));
        Assert.Equal("b no. 2", await client.GetStringAsync("/made/b?tag=blue"));
        (await client.DeleteAsync("/made?tag=red")).EnsureSuccessStatusCode();
        Assert.Equal("a no. 3", await client.GetStringAsync("/made/a?tag=red"));
        Assert.Equal("b no. 2", await client.GetStringAsync("/made/b?tag=blue"));
        Assert.Equal(3, Application.FactoryCalls);
    }

    public void Dispose()
    {
        Application.Dispose();
        GC.SuppressFinalize(this);
    }

    public sealed class WithDistributedMemoryCache() : DropInTests(services => services.AddDistributedMemoryCache());

    public sealed class WithSuperCache() : DropInTests(services => services.AddSuperCache())
    {
        [Fact]
        public async Task Everything_IsKeptInSuperCache()
        {
            using HttpClient client = Application.CreateClient();
            (await client.PostAsync("/visits", null)).EnsureSuccessStatusCode();
            Assert.Equal("a no. 1", await client.GetStringAsync("/made/a?tag=red"));

            IDistributedCache cache = Application.Services.GetRequiredService<IDistributedCache>();
            SuperCacheEngine engine = Application.Services.GetRequiredService<SuperCacheEngine>();
            long entries = Enumerable.Range(0, engine.Partitions.Count).Sum(engine.Bytes.CountOf);

            Assert.IsType<RecordDistributedCache>(cache);
            Assert.NotNull(await cache.GetAsync("a"));
            Assert.Equal(2, entries);
        }
    }
}
