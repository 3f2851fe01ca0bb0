using SuperCache.Core.Tests.Tidy;
using Xunit;

namespace SuperCache.Core.Tests.Docs;

/// <summary>Every C# block of a page is the text of a compiled and tested example.</summary>
public sealed class DocsTests
{
    [Theory]
    [InlineData("docs/records-and-matching.md", "RecordsAndMatchingExamples.cs")]
    public void CSharpBlocks_AreTheTextOfTestedExamples(string page, string examples)
    {
        string[] tested = [.. Examples(Lines("tests/SuperCache.Core.Tests/Docs/" + examples))];
        string[] shown = [.. Blocks(Lines(page))];
        Assert.NotEmpty(shown);
        Assert.Equal(tested, shown);
    }

    private static string[] Lines(string path) => File.ReadAllLines(Path.Combine(SourceTree.Root, path));

    private static IEnumerable<string> Blocks(string[] lines) =>
        Between(lines, line => line == "```csharp", line => line == "```");

    private static IEnumerable<string> Examples(string[] lines) => Between(
        lines,
        line => line.Trim().StartsWith("// example:", StringComparison.Ordinal),
        line => line.Trim() == "// end");

    private static IEnumerable<string> Between(string[] lines, Func<string, bool> starts, Func<string, bool> ends)
    {
        List<string>? block = null;
        foreach (string line in lines)
        {
            if (block is null)
            {
                block = starts(line) ? [] : null;
            }
            else if (ends(line))
            {
                int indent = block.Where(l => l.Length != 0).Min(l => l.Length - l.TrimStart().Length);
                yield return string.Join('\n', block.Select(l => l.Length == 0 ? l : l[indent..]));
                block = null;
            }
            else
            {
                block.Add(line);
            }
        }
    }
}
