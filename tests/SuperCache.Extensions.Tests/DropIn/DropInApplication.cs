using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SuperCache.Extensions.Tests.DropIn;

/// <summary>An application that uses session, <see cref="IDistributedCache"/> and <see cref="HybridCache"/>, and knows
/// nothing of SuperCache.</summary>
/// <param name="addCache">The one line that differs.</param>
public sealed class DropInApplication(Action<IServiceCollection> addCache) : WebApplicationFactory<DropInApplication>
{
    private int _factoryCalls;

    /// <summary>How often HybridCache had to make a value.</summary>
    public int FactoryCalls => Volatile.Read(ref _factoryCalls);

    protected override IHostBuilder CreateHostBuilder() =>
        Host.CreateDefaultBuilder().ConfigureWebHostDefaults(web => web
        .ConfigureServices(services =>
        {
            addCache(services);
            services.AddRouting();
            services.AddSession();
            services.AddHybridCache();
        })
        .Configure(app => app.UseRouting().UseSession().UseEndpoints(endpoints =>
        {
            endpoints.MapPost("/visits", Visit);
            endpoints.MapPut(
                "/texts/{key}", (string key, string text, IDistributedCache cache) => cache.SetStringAsync(key, text));
            endpoints.MapGet("/texts/{key}", async (string key, IDistributedCache cache) =>
                await cache.GetStringAsync(key) is { } text ? Results.Text(text) : Results.NotFound());
            endpoints.MapDelete("/texts/{key}", (string key, IDistributedCache cache) => cache.RemoveAsync(key));
            endpoints.MapGet("/made/{key}", (string key, string tag, HybridCache cache) => cache.GetOrCreateAsync(
                key, _ => ValueTask.FromResult(Make(key)), tags: [tag]).AsTask());
            endpoints.MapDelete("/made", (string tag, HybridCache cache) => cache.RemoveByTagAsync(tag).AsTask());
        })));

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseContentRoot(AppContext.BaseDirectory);

    private string Make(string key) => $"{key} no. {Interlocked.Increment(ref _factoryCalls)}";

    private static string Visit(HttpContext context)
    {
        int visits = 1 + (context.Session.GetInt32("visits") ?? 0);
        context.Session.SetInt32("visits", visits);
        return $"{visits} visits";
    }
}
