using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace SuperCache.Core.Tests.Tidy;

/// <summary>One word, one meaning: names that say nothing, or that the glossary replaces, are not used.</summary>
public class GlossaryTests
{
    /// <summary>In no type, file or folder name.</summary>
    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Util", "Utils", "Utility", "Utilities", "Common", "Misc"];

    /// <summary>In no type name of the product: word → what the glossary calls it.</summary>
    private static readonly Dictionary<string, string> ReplacedWords = new()
    {
        ["Shard"] = "Partition",
        ["Topology"] = "ClusterView",
        ["Ring"] = "PartitionMap",
        ["Master"] = "Primary",
        ["Leader"] = "Primary",
        ["Owner"] = "Primary",
        ["Slave"] = "Replica",
        ["Backup"] = "Replica",
        ["Generation"] = "Epoch",
        ["Journal"] = "OpLog",
        ["Wal"] = "OpLog",
        ["Bus"] = "Backplane",
        ["Transport"] = "Backplane",
        ["Packet"] = "Frame",
        ["Heartbeat"] = "Lease",
        ["Resync"] = "CatchUp",
        ["Ttl"] = "Expiration",
    };

    [Fact]
    public void TypeFileAndFolderNames_SayWhatTheThingIs()
    {
        IEnumerable<string> wrong =
            from file in SourceTree.All
            from name in TypeNames(file).Concat(file.Path.Split('/').Select(p => Path.GetFileNameWithoutExtension(p)))
            let word = WordsOf(name).FirstOrDefault(w => EmptyWords.Contains(w, StringComparer.OrdinalIgnoreCase))
            where word is not null
            select $"{file.Path}: \"{name}\" says \"{word}\".";

        Assert.Empty(wrong);
    }

    [Fact]
    public void TypeNames_UseTheWordsOfTheGlossary()
    {
        IEnumerable<string> wrong =
            from file in SourceTree.All
            where file.Path.StartsWith("src/", StringComparison.Ordinal)
            from name in TypeNames(file)
            let word = WordsOf(name).FirstOrDefault(ReplacedWords.ContainsKey)
            where word is not null
            select $"{file.Path}: {name} says {word}; the glossary says {ReplacedWords[word]}.";

        Assert.Empty(wrong);
    }

    [Fact]
    public void NoTypeOfTheProduct_IsCalledAsTheProduct()
    {
        IEnumerable<string> wrong = SourceTree.All
            .Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && TypeNames(f).Contains("SuperCache"))
            .Select(f => f.Path);

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> TypeNames(SourceFile file) =>
        file.Unit.DescendantNodes().Select(node => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => null,
    }).OfType<string>();

    /// <summary>"OpLogReader" → Op, Log, Reader.</summary>
    private static IEnumerable<string> WordsOf(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || char.IsUpper(name[i]) || !char.IsLetter(name[i]))
            {
                yield return name[start..i].TrimStart('.', '-', '_');
                start = i;
            }
        }
    }
}
