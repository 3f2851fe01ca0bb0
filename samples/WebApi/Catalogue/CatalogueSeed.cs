namespace WebApi.Catalogue;

/// <summary>What the catalogue holds at first: always the same products.</summary>
public static class CatalogueSeed
{
    /// <summary>How many products there are.</summary>
    public const int ProductCount = 20_000;

    private static readonly string[] Qualities =
    [
        "Aged", "Bright", "Calm", "Dark", "Early", "Folding", "Golden", "Hidden", "Ivory", "Jade", "Keen", "Light",
        "Mellow", "Nordic", "Open", "Plain", "Quiet", "Rustic", "Silver", "Tidal", "Urban", "Velvet", "Woven",
        "Young", "Zephyr",
    ];

    private static readonly (string Category, string[] Things)[] Shelves =
    [
        ("audio", ["Speaker", "Headphones", "Turntable", "Microphone"]),
        ("bags", ["Backpack", "Tote", "Satchel", "Suitcase"]),
        ("bikes", ["Bell", "Saddle", "Pannier", "Lamp"]),
        ("books", ["Novel", "Atlas", "Cookbook", "Anthology"]),
        ("ceramics", ["Mug", "Bowl", "Vase", "Teapot"]),
        ("coffee", ["Grinder", "Kettle", "Dripper", "Roast"]),
        ("desk", ["Notebook", "Pen", "Tray", "Ruler"]),
        ("garden", ["Trowel", "Planter", "Hose", "Lantern"]),
        ("kitchen", ["Pan", "Knife", "Whisk", "Board"]),
        ("lighting", ["Pendant", "Sconce", "Bulb", "Floor Lamp"]),
        ("outdoor", ["Tent", "Stove", "Hammock", "Compass"]),
        ("photo", ["Tripod", "Lens", "Strap", "Film"]),
        ("textiles", ["Blanket", "Towel", "Cushion", "Rug"]),
        ("tools", ["Hammer", "Level", "Saw", "Chisel"]),
        ("toys", ["Kite", "Puzzle", "Train", "Blocks"]),
        ("watches", ["Chronograph", "Diver", "Field Watch", "Pocket Watch"]),
    ];

    /// <summary>The categories, in order.</summary>
    public static IReadOnlyList<string> Categories { get; } = [.. Shelves.Select(shelf => shelf.Category)];

    /// <summary>The products in ascending id.</summary>
    public static IEnumerable<Product> Products()
    {
        for (int id = 1; id <= ProductCount; id++)
        {
            (string category, string[] things) = Shelves[id % Shelves.Length];
            int round = id / Shelves.Length;
            string thing = things[round % things.Length];
            string quality = Qualities[round / things.Length % Qualities.Length];
            int model = 1 + (round / (things.Length * Qualities.Length));
            decimal price = 4.90m + (id * 7_919L % 24_000 / 100m);
            yield return new Product(id, $"{quality} {thing} No. {model}", category, price, (int)(id * 104_729L % 250));
        }
    }
}
