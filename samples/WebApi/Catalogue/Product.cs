namespace WebApi.Catalogue;

/// <summary>One product of the catalogue. Immutable, so that it can be shared by everybody who reads it from the
/// cache.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Category">One of the catalogue's categories.</param>
/// <param name="Price">In euros.</param>
/// <param name="Stock">Pieces on the shelf.</param>
public sealed record Product(int Id, string Name, string Category, decimal Price, int Stock);

/// <summary>One page of a category, in ascending id.</summary>
/// <param name="Category">The category's name.</param>
/// <param name="Page">From 1.</param>
/// <param name="PageCount">How many pages the category has.</param>
/// <param name="Products">The products of the page.</param>
public sealed record CategoryPage(string Category, int Page, int PageCount, IReadOnlyList<Product> Products);
