using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace SuperCache.Core.Tests.Tidy;

/// <summary>How big things may get. An exception has a reason.</summary>
public class SizeTests
{
    private const int MaxSourceLines = 400;
    private const int MaxTestLines = 600;
    private const int MaxMethodLines = 70;
    private const int MaxLineLength = 120;

    private const int MaxPartialFiles = 3;

    /// <summary>Path → why the file may have more lines.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>File or folder → why it may have longer lines.</summary>
    private static readonly Dictionary<string, string> LongLines = new()
    {
        ["tests/SuperCache.Core.Tests/SeedParityTests.cs"] = "Its methods are named after the original's functions.",
    };

    /// <summary>Type.Method → why it may have more lines.</summary>
    private static readonly Dictionary<string, string> LongMethods = [];

    /// <summary>Type → why it may be in more files.</summary>
    private static readonly Dictionary<string, string> ManyParts = new()
    {
        ["SuperCache.Core: RecordIndex"] =
            "One structure; its reader, writer, untyped, matching and visiting sides share its arrays.",
    };

    [Fact]
    public void Files_AreOneThoughtLong()
    {
        IEnumerable<string> wrong = SourceTree.All
            .Select(f => (f.Path, Lines: f.Text.Count(c => c == '\n'), Limit: LimitOf(f)))
            .Where(f => f.Lines > f.Limit && !LongFiles.ContainsKey(f.Path))
            .Select(f => $"{f.Path} has {f.Lines} lines; at most {f.Limit} are allowed.");

        Assert.Empty(wrong);

        static int LimitOf(SourceFile file) =>
            file.Path.StartsWith("tests/", StringComparison.Ordinal) ? MaxTestLines : MaxSourceLines;
    }

    [Fact]
    public void Lines_FitBesideEachOther()
    {
        IEnumerable<string> wrong =
            from file in SourceTree.All
            where !LongLines.Keys.Any(path => file.Path.StartsWith(path, StringComparison.Ordinal))
            from line in file.Text.Split('\n').Select((text, index) => (Text: text.TrimEnd('\r'), Number: index + 1))
            where line.Text.Length > MaxLineLength
            select $"{file.Path}:{line.Number} has {line.Text.Length} characters; at most {MaxLineLength} are allowed.";

        string[] all = [.. wrong];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }

    [Fact]
    public void Methods_FitOnAScreen()
    {
        IEnumerable<string> wrong =
            from file in SourceTree.All
            from node in file.Unit.DescendantNodes()
            where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            let span = node.SyntaxTree.GetLineSpan(node.Span)
            let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
            where lines > MaxMethodLines && !LongMethods.ContainsKey(NameOf(node))
            select $"{file.Path}: {NameOf(node)} has {lines} lines; at most {MaxMethodLines} are allowed.";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Types_AreInFewFiles()
    {
        IEnumerable<string> wrong = SourceTree.All
            .SelectMany(f => f.Unit.DescendantNodes().OfType<TypeDeclarationSyntax>()
                .Where(t => t.Modifiers.Any(m => m.ValueText == "partial") && t.Parent is not TypeDeclarationSyntax)
                .Select(t => (Type: f.Path.Split('/')[1] + ": " + t.Identifier.ValueText, f.Path)))
            .Distinct()
            .GroupBy(t => t.Type)
            .Where(g => g.Count() > MaxPartialFiles && !ManyParts.ContainsKey(g.Key))
            .Select(g => $"{g.Key} is in {g.Count()} files; at most {MaxPartialFiles} are allowed.");

        Assert.Empty(wrong);
    }

    private static string NameOf(SyntaxNode node)
    {
        string type = node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.ValueText ?? "";
        return type + "." + node switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
            LocalFunctionStatementSyntax function => function.Identifier.ValueText,
            _ => node.Kind().ToString(),
        };
    }
}
