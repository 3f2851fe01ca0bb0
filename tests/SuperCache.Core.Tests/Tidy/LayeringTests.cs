using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace SuperCache.Core.Tests.Tidy;

/// <summary>Who may know whom: docs/architecture.md, as tests.</summary>
public class LayeringTests
{
    /// <summary>The folders of SuperCache.Core, bottom up; a folder knows those of the same line and of the lines
    /// above.
    /// The empty name is the project's own folder, the public door.</summary>
    private static readonly string[][] Floors =
    [
        ["Errors", "Diagnostics"],
        ["Identity"],
        ["Records"],
        ["Matching"],
        ["Storage"],
        ["Partitions"],
        ["Cluster"],
        ["Wire"],
        ["Replication"],
        [""],
        ["Collections"],
    ];

    /// <summary>Words of the contract: types without behaviour that live at the door because users see them.</summary>
    private static readonly string[] SharedWords =
    [
        "TableKind", "CacheEntryPriority", "ReadMode", "ReplicationMode", "ReplicationFactor", "CacheMode",
        "MatchPlaceholder", "EntryRemovalReason", "EntryRemovedEventArgs",
    ];

    private static readonly string[] ForbiddenAssemblies =
    [
        "Microsoft.AspNetCore",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.Caching",
        "StackExchange",
    ];

    [Fact]
    public void Core_ReferencesNoFramework()
    {
        AssemblyName[] references = typeof(SuperCacheEngine).Assembly.GetReferencedAssemblies();

        Assert.DoesNotContain(
            references, r => ForbiddenAssemblies.Any(f => r.Name!.StartsWith(f, StringComparison.Ordinal)));
    }

    [Fact]
    public void Core_AsksForNoFrameworkPackage()
    {
        XDocument project = XDocument.Load(Path.Combine(SourceTree.Root, "src/SuperCache.Core/SuperCache.Core.csproj"));

        Assert.DoesNotContain(
            project.Descendants("PackageReference").Select(p => (string)p.Attribute("Include")!),
            p => ForbiddenAssemblies.Any(f => p.StartsWith(f, StringComparison.Ordinal)));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void CoreFolders_AreThoseOfTheArchitecture()
    {
        IEnumerable<string> unknown = SourceTree.Core.Select(f => f.Folder).Distinct().Where(f => FloorOf(f) < 0);

        Assert.Empty(unknown);
    }

    [Fact]
    public void CoreFolders_UseOnlyFoldersOfLowerFloors()
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((SourceFile file, SyntaxNode _, INamedTypeSymbol type) in UsesOfCoreTypes())
        {
            string folder = type.Locations[0].SourceTree!.FilePath.Split('/') is [_, _, var inner, _, ..] ? inner : "";
            if (FloorOf(folder) > FloorOf(file.Folder) && !SharedWords.Contains(type.Name))
            {
                wrong.Add($"{file.Path} uses {(folder.Length == 0 ? "the door" : folder)}: {type.Name}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>The mutating members are those of <c>Table</c> whose summary begins with "Writer:".</summary>
    [Fact]
    public void OnlyPartitions_CallMutatingMembersOfTables()
    {
        CSharpCompilation core = SourceTree.CoreCompilation;
        INamedTypeSymbol table = core.GetTypeByMetadataName("SuperCache.Storage.Table")!;
        ISymbol[] writers = [.. table.GetMembers().Where(IsWriter)];
        var wrong = new List<string>();
        foreach (SourceFile file in SourceTree.Core.Where(f => f.Folder is not ("Partitions" or "Storage")))
        {
            SemanticModel model = core.GetSemanticModel(file.Tree);
            foreach (
                InvocationExpressionSyntax call in file.Unit.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (model.GetSymbolInfo(call).Symbol is IMethodSymbol method
                    && writers.Contains(Original(method), SymbolEqualityComparer.Default))
                {
                    wrong.Add($"{file.Path} calls Table.{method.Name}");
                }
            }
        }

        Assert.True(writers.Length >= 3, "The writers of Table were not recognised.");
        Assert.Empty(wrong);

        static bool IsWriter(ISymbol member) => member.DeclaringSyntaxReferences.Any(s =>
            s.GetSyntax().GetLeadingTrivia().ToFullString().Contains("<summary>Writer:", StringComparison.Ordinal));

        static IMethodSymbol Original(IMethodSymbol method)
        {
            IMethodSymbol original = method.OriginalDefinition;
            while (original.OverriddenMethod is { } overridden)
            {
                original = overridden.OriginalDefinition;
            }

            return original;
        }
    }

    [Fact]
    public void OnlyTheRedisFolder_SaysStackExchange()
    {
        IEnumerable<string> wrong = SourceTree.All
            .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal)
                && !f.Path.StartsWith("src/SuperCache.Extensions/Redis/", StringComparison.Ordinal)
                && f.Unit.DescendantTokens().Any(
                    t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == "StackExchange"))
            .Select(f => f.Path);

        Assert.Empty(wrong);
    }

    private static int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder));

    /// <summary>Every place in Core that names a type of Core or a member of one.</summary>
    private static IEnumerable<(SourceFile File, SyntaxNode Node, INamedTypeSymbol Type)> UsesOfCoreTypes()
    {
        CSharpCompilation core = SourceTree.CoreCompilation;
        foreach (SourceFile file in SourceTree.Core)
        {
            SemanticModel model = core.GetSemanticModel(file.Tree);
            foreach (SimpleNameSyntax name in file.Unit.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (type?.OriginalDefinition.Locations is [{ IsInSource: true }, ..])
                {
                    yield return (file, name, type.OriginalDefinition);
                }
            }
        }
    }
}
