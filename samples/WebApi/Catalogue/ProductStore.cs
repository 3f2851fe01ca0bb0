using Microsoft.Data.Sqlite;

namespace WebApi.Catalogue;

/// <summary>The catalogue in a SQLite file, which it creates and fills when there is none. Knows nothing of the
/// cache.</summary>
public sealed class ProductStore
{
    /// <summary>How many products a page has.</summary>
    public const int PageSize = 24;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly ILogger<ProductStore> _logger;

    /// <summary>SQLite writes one at a time; waiting here costs no thread, waiting in SQLite does.</summary>
    private readonly SemaphoreSlim _writer = new(1, 1);

    private long _reads;

    /// <summary>Uses the file named by the setting <c>Catalogue:Path</c>, else <c>App_Data/catalogue.db</c> beside the
    /// application.</summary>
    public ProductStore(IConfiguration configuration, IWebHostEnvironment environment, ILogger<ProductStore> logger)
    {
        string path = configuration["Catalogue:Path"] ?? "App_Data/catalogue.db";
        _path = Path.GetFullPath(path, environment.ContentRootPath);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 30 }.ToString();
        _logger = logger;
    }

    /// <summary>How many queries for products it has answered.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Creates and fills the file in one transaction, so that an interrupted start leaves nothing
    /// behind.</summary>
    public void CreateIfMissing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using SqliteConnection connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (Scalar(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'product'") == 0)
        {
            Execute(connection, """
                CREATE TABLE product (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL,
                    category TEXT NOT NULL,
                    cents INTEGER NOT NULL,
                    stock INTEGER NOT NULL);
                CREATE INDEX product_by_category ON product (category, id);
                """);
            Fill(connection);
            _logger.LogInformation("Created the catalogue with {Count} products.", CatalogueSeed.ProductCount);
        }

        transaction.Commit();
    }

    /// <summary>Reads one product, or null when there is none.</summary>
    public Product? Find(int id)
    {
        Interlocked.Increment(ref _reads);
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, name, category, cents, stock FROM product WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    /// <summary>Reads one page of a category, or null when there is no such page.</summary>
    public CategoryPage? FindPage(string category, int page)
    {
        Interlocked.Increment(ref _reads);
        using SqliteConnection connection = Open();
        int pageCount = PageCount(connection, category);
        if (page < 1 || page > pageCount)
        {
            return null;
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, name, category, cents, stock FROM product
            WHERE category = $category ORDER BY id LIMIT $limit OFFSET $offset
            """;
        command.Parameters.AddWithValue("$category", category);
        command.Parameters.AddWithValue("$limit", PageSize);
        command.Parameters.AddWithValue("$offset", (page - 1) * PageSize);
        using SqliteDataReader reader = command.ExecuteReader();
        var products = new List<Product>(PageSize);
        while (reader.Read())
        {
            products.Add(Read(reader));
        }

        return new CategoryPage(category, page, pageCount, products);
    }

    /// <summary>Changes a product and returns how it is now, or null when there is none.</summary>
    public async Task<Product?> ChangeAsync(int id, ProductChange change, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return Change(id, change);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>How many pages a category has; 0 when there is no such category.</summary>
    public int PageCount(string category)
    {
        using SqliteConnection connection = Open();
        return PageCount(connection, category);
    }

    private Product? Change(int id, ProductChange change)
    {
        using SqliteConnection connection = Open();

        // Enough beside a write-ahead log: a crash of the process loses nothing.
        Execute(connection, "PRAGMA synchronous = NORMAL");
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            UPDATE product SET name = $name, cents = $cents, stock = $stock
            WHERE id = $id RETURNING id, name, category, cents, stock
            """;
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$name", change.Name);
        command.Parameters.AddWithValue("$cents", (long)decimal.Round(change.Price!.Value * 100));
        command.Parameters.AddWithValue("$stock", change.Stock!.Value);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    private static int PageCount(SqliteConnection connection, string category)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM product WHERE category = $category";
        command.Parameters.AddWithValue("$category", category);
        return (int)(((long)command.ExecuteScalar()! + PageSize - 1) / PageSize);
    }

    private static void Fill(SqliteConnection connection)
    {
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO product VALUES ($id, $name, $category, $cents, $stock)";
        string[] names = ["$id", "$name", "$category", "$cents", "$stock"];
        SqliteParameter[] parameters = [.. names.Select(n => insert.Parameters.Add(new SqliteParameter(n, null)))];
        foreach (Product product in CatalogueSeed.Products())
        {
            parameters[0].Value = product.Id;
            parameters[1].Value = product.Name;
            parameters[2].Value = product.Category;
            parameters[3].Value = (long)(product.Price * 100);
            parameters[4].Value = product.Stock;
            insert.ExecuteNonQuery();
        }
    }

    private static Product Read(SqliteDataReader reader) => new(
        reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3) / 100m, reader.GetInt32(4));

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }
}
