using WebApi.Cart;
using WebApi.Catalogue;
using WebApi.Cluster;
using WebApi.Live;
using WebApi.Notes;

namespace WebApi;

/// <summary>One instance of the shop. In a cluster several run, here in one process, in earnest on several
/// machines.</summary>
public static class Instance
{
    /// <summary>Builds one.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="cluster">What it says about a cluster.</param>
    /// <param name="number">Which of the instances, from 0.</param>
    /// <param name="redis">Where the cluster meets; null when there is none.</param>
    public static WebApplication Build(string[] args, ClusterArguments cluster, int number, string? redis)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        string label = "node-" + (number + 1);

        // One line gives the application ISuperCache, IDistributedCache and, through the latter, session storage.
        builder.Services.AddSuperCache(builder.Configuration.GetSection("SuperCache"));
        if (redis is not null)
        {
            builder.AddCluster(redis, label);
            builder.WebHost.UseUrls(cluster.Addresses[number]);
        }

        builder.Services.AddSession(options => options.Cookie.Name = "cart");
        builder.Services.AddSingleton<ProductStore>();
        builder.Services.AddSingleton<LoadGates>();
        builder.Services.AddControllers();
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi();

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<ProductStore>().CreateIfMissing();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // Endpoints throw for a body that is no JSON where they run in development.
            StatusCodeSelector = static error => error is BadHttpRequestException bad
                ? bad.StatusCode
                : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        if (redis is not null)
        {
            app.UseCluster(label);
        }

        app.UseSession();
        app.MapControllers();
        app.MapCart();
        app.MapNotes();
        app.MapStatistics();
        app.MapCluster(label, cluster.Addresses);
        app.MapOpenApi();
        return app;
    }
}
