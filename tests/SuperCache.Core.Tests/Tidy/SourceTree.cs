using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SuperCache.Core.Tests.Tidy;

/// <summary>The C# files of the repository, parsed.</summary>
internal static class SourceTree
{
    private const string Solution = "SuperCache.Extensions.sln";

    private static readonly CSharpParseOptions Parsing =
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly Lazy<CSharpCompilation> CompiledCore = new(CompileCore);

    private static readonly string[] TopFolders = ["src", "samples", "tests", "benchmarks"];

    private static readonly string[] BuildFolders = ["bin", "obj", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that people write.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
        [.. TopFolders.SelectMany(folder => Files(folder)).OrderBy(f => f.Path, StringComparer.Ordinal)];

    /// <summary>The files of SuperCache.Core.</summary>
    public static IReadOnlyList<SourceFile> Core { get; } =
        [.. All.Where(f => f.Path.StartsWith("src/SuperCache.Core/", StringComparison.Ordinal))];

    /// <summary>SuperCache.Core as the compiler understands it, without generated code.</summary>
    public static CSharpCompilation CoreCompilation => CompiledCore.Value;

    private static CSharpCompilation CompileCore()
    {
        const string usings = """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Threading;
            global using System.Threading.Tasks;
            """;
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("SuperCache.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Core",
            [.. Core.Select(f => f.Tree), CSharpSyntaxTree.ParseText(usings, Parsing)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static IEnumerable<SourceFile> Files(string folder)
    {
        string full = Path.Combine(Root, folder);
        if (!Directory.Exists(full))
        {
            return [];
        }

        return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => BuildFolders.Contains(part)))
            .Select(path =>
            {
                string text = File.ReadAllText(Path.Combine(Root, path));
                return new SourceFile(path, text, (CSharpSyntaxTree)CSharpSyntaxTree.ParseText(text, Parsing, path));
            });
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds {Solution}.");
    }
}

/// <summary>One C# file.</summary>
/// <param name="Path">From the repository's root, with slashes.</param>
/// <param name="Text">What it holds.</param>
/// <param name="Tree">What it means.</param>
internal sealed record SourceFile(string Path, string Text, CSharpSyntaxTree Tree)
{
    public CompilationUnitSyntax Unit => Tree.GetCompilationUnitRoot();

    /// <summary>The folder below the project, or the empty string for the project's own.</summary>
    public string Folder => Path.Split('/') is [_, _, var folder, _, ..] ? folder : "";
}
