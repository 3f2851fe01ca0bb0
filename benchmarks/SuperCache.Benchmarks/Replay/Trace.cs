using System.IO.Compression;

namespace SuperCache.Benchmarks.Replay;

/// <summary>A recorded sequence of keys, renumbered from 0.</summary>
internal sealed record Trace(string Name, string Family, int[] Keys, int UniqueKeys)
{
    /// <summary>Reads the <c>*.txt.gz</c> files of a folder: one key a line, the family before the first underscore.</summary>
    public static IEnumerable<Trace> ReadAll(string folder, int maxRequests)
    {
        foreach (string file in Directory.GetFiles(folder, "*.txt.gz").Order())
        {
            string name = Path.GetFileName(file).Replace(".txt.gz", string.Empty, StringComparison.Ordinal);
            string prefix = name.Split('_')[0];
            yield return Read(file, name, prefix is "corda" or "adaptsize" ? "app" : prefix, maxRequests);
        }
    }

    private static Trace Read(string file, string name, string family, int maxRequests)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new List<int>();
        while (keys.Count < maxRequests && reader.ReadLine() is { } key)
        {
            numbers.TryAdd(key, numbers.Count);
            keys.Add(numbers[key]);
        }

        return new Trace(name, family, [.. keys], numbers.Count);
    }
}
