using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using SuperCache;

namespace WebApi.Catalogue;

/// <summary>Products by id.</summary>
[ApiController]
[Route("api/products")]
[Produces("application/json")]
public sealed class ProductsController(ISuperCache cache, ProductStore store, LoadGates gates) : ControllerBase
{
    private static readonly CacheEntryOptions KeepFiveMinutes =
        new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) };

    /// <summary>Reads a product: from the cache, else from the database.</summary>
    [HttpGet("{id:int}")]
    [ProducesResponseType<Answer<Product>>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status404NotFound)]
    public async Task<ActionResult<Answer<Product>>> Get(int id, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        (bool isCached, (int Id, Product Product) record) =
            await cache.TryGetAsync<int, (int, Product)>(id, null, cancellationToken);
        if (isCached)
        {
            return Answer<Product>.FromCache(record.Product, Stopwatch.GetElapsedTime(startedAt), Response);
        }

        using (await gates.EnterProductAsync(id, cancellationToken))
        {
            (isCached, record) = await cache.TryGetAsync<int, (int, Product)>(id, null, cancellationToken);
            if (isCached)
            {
                return Answer<Product>.FromCache(record.Product, Stopwatch.GetElapsedTime(startedAt), Response);
            }

            if (store.Find(id) is not { } product)
            {
                return NotFound();
            }

            await cache.PutAsync((id, product), KeepFiveMinutes, cancellationToken);
            return Answer<Product>.FromDatabase(product, Stopwatch.GetElapsedTime(startedAt), Response);
        }
    }

    /// <summary>Changes a product; the next read of it, and of its category, sees the change.</summary>
    [HttpPut("{id:int}")]
    [ProducesResponseType<Product>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status400BadRequest)]
    [ProducesResponseType(StatusCodes.Status404NotFound)]
    public async Task<ActionResult<Product>> Put(int id, ProductChange change, CancellationToken cancellationToken)
    {
        using (await gates.EnterProductAsync(id, cancellationToken))
        {
            if (await store.ChangeAsync(id, change, cancellationToken) is not { } product)
            {
                return NotFound();
            }

            await cache.DeleteByKeyAsync(id, CancellationToken.None);
            using (await gates.EnterCategoryAsync(product.Category, CancellationToken.None))
            {
                for (int page = store.PageCount(product.Category); page >= 1; page--)
                {
                    await cache.DeleteByKeyAsync((product.Category, page), CancellationToken.None);
                }
            }

            return product;
        }
    }
}
