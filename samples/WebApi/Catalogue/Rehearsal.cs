using SuperCache;

namespace WebApi.Catalogue;

/// <summary>Reads once what visitors will read, so that the times on the landing page are those of the cache and of the
/// database and not of the just-in-time compiler.</summary>
public static class Rehearsal
{
    /// <summary>Leaves nothing in the cache.</summary>
    public static void Run(ISuperCache cache, ProductStore store)
    {
        Product product = store.Find(1)!;
        CategoryPage page = store.FindPage(product.Category, 1)!;
        (string, int) key = (page.Category, page.Page);
        for (int i = 0; i < 50; i++)
        {
            cache.Put((product.Id, product));
            cache.Put((key, page));
            cache.TryGet(product.Id, out (int Id, Product Product) _);
            cache.TryGet(key, out ((string, int) Key, CategoryPage Page) _);
            cache.DeleteByKey(product.Id);
            cache.DeleteByKey(key);
        }
    }
}
