using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SuperCache.TestKit.Redis;
using Xunit;

namespace SuperCache.Extensions.Tests.Readme;

/// <summary>The README says nothing that is not compiled, run or there.</summary>
public partial class ReadmeTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Readme = Read("README.md");

    [Fact]
    public void CodeBlocks_AreTheCompiledExamples()
    {
        string[] blocks = [.. CodeBlock().Matches(Readme).Select(m => m.Groups[1].Value)];
        string source = Read("tests/SuperCache.Extensions.Tests/Readme/ReadmeExamples.cs");
        string[] examples = [.. Example().Matches(source).Select(m => Unindented(m.Groups[1].Value))];

        Assert.NotEmpty(blocks);
        Assert.Equal(examples.Order(StringComparer.Ordinal), blocks.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void GetStarted_HasExactlyTwoCommands()
    {
        string section = Readme[Readme.IndexOf("## Get started", StringComparison.Ordinal)..];
        string commands = ShellBlock().Match(section).Groups[1].Value;

        Assert.Equal("dotnet run --project samples/WebApi\ndotnet test\n", commands);
        Assert.Single(ShellBlock().Matches(Readme));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("SECURITY.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/decisions.md")]
    public void Links_LeadToFiles(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        IEnumerable<string> broken = Link().Matches(Read(page)).Select(m => m.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, link)));

        Assert.Empty(broken);
    }

    [Fact]
    public async Task Examples_DoWhatTheReadmeSays()
    {
        await using SuperCacheEngine cache = await SuperCacheEngine.StartAsync();

        Assert.Equal(("Kettle", 1), ReadmeExamples.Records(cache));
        Assert.False(cache.TryGet(42, out (int, string, decimal) _));
        cache.DeleteAll();
        Assert.Equal((2, 1L), ReadmeExamples.Patterns(cache));
        Assert.Equal(4, await ReadmeExamples.EngineAsync());
    }

    [Fact]
    public void NamedExample_GivesTheReaderItsCache()
    {
        var services = new ServiceCollection();
        ReadmeExamples.Named(services);
        services.AddSingleton<ReadmeExamples.OrderReader>();
        using ServiceProvider provider = services.BuildServiceProvider();
        ISuperCache orders = provider.GetRequiredKeyedService<ISuperCache>("orders");
        Guid id = Guid.NewGuid();
        orders.Put((id, 10m));

        Assert.Equal(16, orders.Partitions.Count);
        Assert.True(provider.GetRequiredService<ReadmeExamples.OrderReader>().Exists(id));
    }

    [Fact]
    public async Task ClusterExample_SharesRecords()
    {
        await using RedisFixture redis = await RedisFixture.StartAsync();
        await using WebApplication first = Node();
        await using WebApplication second = Node();
        await first.StartAsync();
        await second.StartAsync();

        ReadmeExamples.Customer? ann =
            await ReadmeExamples.ClusterReadAsync(first.Services.GetRequiredService<ISuperCache>());
        IReadOnlyList<(string, ReadmeExamples.Customer)> found = await second.Services.GetRequiredService<ISuperCache>()
            .GetAsync<(string, ReadmeExamples.Customer)>(ValueTuple.Create("ann"), ReadMode.Primary);

        Assert.Equal(new ReadmeExamples.Customer("Ann", 31), ann);
        Assert.Equal(ann, found.Single().Item2);

        WebApplication Node()
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            ReadmeExamples.Cluster(builder);
            builder.Services.Configure<SuperCacheRedisOptions>(o => o.Configuration = redis.EndPoint);
            return builder.Build();
        }
    }

    [Fact]
    public async Task ApplicationExample_CountsVisits()
    {
        await using WebApplication app = ReadmeExamples.Application(["--urls", "http://127.0.0.1:0"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal("Hello ann, visit no. 1", await client.GetStringAsync("/hello/ann"));
        Assert.Equal("Hello ann, visit no. 2", await client.GetStringAsync("/hello/ann"));
        Assert.Equal("Hello bob, visit no. 1", await client.GetStringAsync("/hello/bob"));
        await app.StopAsync();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"// readme: (?!end)\w+\n(.*?)\n *// readme: end", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();

    private static string Unindented(string example)
    {
        string[] lines = example.Split('\n');
        int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Concat(lines.Select(l => (l.Length == 0 ? l : l[indent..]) + "\n"));
    }

    private static string Read(string path) =>
        File.ReadAllText(Path.Combine(Root, path)).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SuperCache.Extensions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("SuperCache.Extensions.sln was not found.");
    }
}
