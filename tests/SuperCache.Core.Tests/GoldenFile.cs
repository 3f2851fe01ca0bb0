using System.Runtime.CompilerServices;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>Lines that are committed and must not change by accident. With SUPERCACHE_WRITE_GOLDEN=1 comparing writes
/// them anew; the difference is then for a reviewer to see.</summary>
internal static class GoldenFile
{
    public static string[] Read(string folder, string file) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, folder, "Golden", file));

    public static void Compare(
        string folder, string file, IEnumerable<string> actual, [CallerFilePath] string source = "")
    {
        if (Environment.GetEnvironmentVariable("SUPERCACHE_WRITE_GOLDEN") == "1")
        {
            string target = Path.Combine(Path.GetDirectoryName(source)!, "Golden");
            Directory.CreateDirectory(target);
            File.WriteAllText(Path.Combine(target, file), string.Join('\n', actual) + "\n");
            return;
        }

        Assert.Equal(Read(folder, file), actual);
    }
}
