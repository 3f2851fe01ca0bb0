using SuperCache;
using WebApi.Cart;
using WebApi.Catalogue;
using WebApi.Live;
using WebApi.Notes;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// One line gives the application ISuperCache, IDistributedCache and, through the latter, session storage.
builder.Services.AddSuperCache(builder.Configuration.GetSection("SuperCache"));

builder.Services.AddSession(options => options.Cookie.Name = "cart");
builder.Services.AddSingleton<ProductStore>();
builder.Services.AddSingleton<LoadGates>();
builder.Services.AddControllers();
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();

WebApplication app = builder.Build();

ProductStore store = app.Services.GetRequiredService<ProductStore>();
store.CreateIfMissing();
Rehearsal.Run(app.Services.GetRequiredService<ISuperCache>(), store);

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseSession();
app.MapControllers();
app.MapCart();
app.MapNotes();
app.MapStatistics();
app.MapOpenApi();

app.Run();
