using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SuperCache.Extensions.Tests.DropIn;

/// <summary>An application that uses <see cref="IMemoryCache"/> through EF Core, MVC and HybridCache, and knows
/// nothing of
/// SuperCache.</summary>
/// <param name="addCache">The one line that differs.</param>
public sealed class MemoryDropInApplication(Action<IServiceCollection> addCache)
    : WebApplicationFactory<MemoryDropInApplication>
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    protected override IHostBuilder CreateHostBuilder()
    {
        _connection.Open();
        return Host.CreateDefaultBuilder().ConfigureWebHostDefaults(web => web
            .ConfigureServices(services =>
            {
                addCache(services);
                services.AddDbContext<BookContext>((provider, options) => options
                    .UseSqlite(_connection)
                    .UseMemoryCache(provider.GetRequiredService<IMemoryCache>()));
                services.AddControllersWithViews().AddApplicationPart(typeof(BooksController).Assembly);
                services.AddHybridCache();
            })
            .Configure(app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapControllers())));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseContentRoot(AppContext.BaseDirectory);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _connection.Dispose();
    }
}

public sealed record Book(int Id, string Title);

public sealed class BookContext(DbContextOptions<BookContext> options) : DbContext(options)
{
    public DbSet<Book> Books => Set<Book>();
}

/// <summary>Reads through every cache that stands on <see cref="IMemoryCache"/>.</summary>
[ApiController]
[Route("books")]
public sealed class BooksController(BookContext books, IMemoryCache memory, HybridCache hybrid) : ControllerBase
{
    [HttpPost]
    public async Task<int> Add(Book book)
    {
        await books.Database.EnsureCreatedAsync();
        books.Books.Add(book);
        return await books.SaveChangesAsync();
    }

    [HttpGet("{id:int}")]
    public async Task<Book?> Find(int id) => await books.Books.SingleOrDefaultAsync(book => book.Id == id);

    [HttpGet("{id:int}/remembered")]
    public async Task<Book?> Remembered(int id) => await memory.GetOrCreateAsync(id, entry =>
    {
        entry.SlidingExpiration = TimeSpan.FromMinutes(1);
        entry.Size = 1;
        return Find(id);
    });

    [HttpGet("{id:int}/hybrid")]
    public async Task<Book?> Hybrid(int id, CancellationToken cancellationToken) =>
        await hybrid.GetOrCreateAsync($"book {id}", async _ => await Find(id), cancellationToken: cancellationToken);

    [HttpDelete("{id:int}")]
    public async Task Delete(int id, CancellationToken cancellationToken)
    {
        await books.Books.Where(book => book.Id == id).ExecuteDeleteAsync(cancellationToken);
        memory.Remove(id);
        await hybrid.RemoveAsync($"book {id}", cancellationToken);
    }
}
