using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using SuperCache;

namespace WebApi.Catalogue;

/// <summary>Products by category.</summary>
[ApiController]
[Route("api/categories")]
[Produces("application/json")]
public sealed class CategoriesController(ISuperCache cache, ProductStore store, LoadGates gates) : ControllerBase
{
    private static readonly CacheEntryOptions KeepOneMinute =
        new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) };

    /// <summary>Lists the categories.</summary>
    [HttpGet]
    public IReadOnlyList<string> List() => CatalogueSeed.Categories;

    /// <summary>Reads a page of a category: from the cache, else from the database. The key is a pair; keys are of any
    /// type.</summary>
    [HttpGet("{category}/products")]
    [ProducesResponseType<Answer<CategoryPage>>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status404NotFound)]
    public async Task<ActionResult<Answer<CategoryPage>>> Get(
        string category, int page = 1, CancellationToken cancellationToken = default)
    {
        long startedAt = Stopwatch.GetTimestamp();
        (string Category, int Page) key = (category, page);
        (bool isCached, ((string, int) Key, CategoryPage Page) record) =
            await cache.TryGetAsync<(string, int), ((string, int), CategoryPage)>(key, null, cancellationToken);
        if (isCached)
        {
            return Answer<CategoryPage>.FromCache(record.Page, Stopwatch.GetElapsedTime(startedAt), Response);
        }

        using (await gates.EnterCategoryAsync(category, cancellationToken))
        {
            (isCached, record) =
                await cache.TryGetAsync<(string, int), ((string, int), CategoryPage)>(key, null, cancellationToken);
            if (isCached)
            {
                return Answer<CategoryPage>.FromCache(record.Page, Stopwatch.GetElapsedTime(startedAt), Response);
            }

            if (store.FindPage(category, page) is not { } found)
            {
                return NotFound();
            }

            await cache.PutAsync((key, found), KeepOneMinute, cancellationToken);
            return Answer<CategoryPage>.FromDatabase(found, Stopwatch.GetElapsedTime(startedAt), Response);
        }
    }
}
