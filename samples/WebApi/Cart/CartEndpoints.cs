using System.Text.Json;
using WebApi.Catalogue;

namespace WebApi.Cart;

/// <summary>A shopping cart in the ASP.NET Core session, which lives in <c>IDistributedCache</c>, which is
/// SuperCache.</summary>
public static class CartEndpoints
{
    private const string SessionKey = "cart";

    /// <summary>Maps the endpoints under <c>/api/cart</c>.</summary>
    public static void MapCart(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("/api/cart").WithTags("Cart");
        group.MapGet("/", async (HttpContext context) =>
        {
            await context.Session.LoadAsync(context.RequestAborted);
            return Read(context.Session);
        }).WithSummary("Shows what is in the cart: pieces by product id.");
        group.MapPost("/{productId:int}", async Task<IResult> (int productId, HttpContext context) =>
        {
            if (productId is < 1 or > CatalogueSeed.ProductCount)
            {
                return Results.NotFound();
            }

            await context.Session.LoadAsync(context.RequestAborted);
            SortedDictionary<int, int> cart = Read(context.Session);
            cart[productId] = cart.GetValueOrDefault(productId) + 1;
            context.Session.SetString(SessionKey, JsonSerializer.Serialize(cart));
            return Results.Ok(cart);
        })
        .Produces<SortedDictionary<int, int>>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithSummary("Puts one piece of a product into the cart.");
        group.MapDelete("/", async (HttpContext context) =>
        {
            await context.Session.LoadAsync(context.RequestAborted);
            context.Session.Remove(SessionKey);
            return Results.NoContent();
        }).WithSummary("Empties the cart.");
    }

    private static SortedDictionary<int, int> Read(ISession session) =>
        session.GetString(SessionKey) is { } json ? JsonSerializer.Deserialize<SortedDictionary<int, int>>(json)! : [];
}
