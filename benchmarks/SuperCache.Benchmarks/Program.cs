using BenchmarkDotNet.Running;
using SuperCache.Benchmarks.Paired;

namespace SuperCache.Benchmarks;

/// <summary><c>paired [read|mix|put|match|batch|lazy|ordered] [--rounds n]</c>: the paired runner; anything else goes to BenchmarkDotNet.</summary>
public static class Program
{
    public static void Main(string[] args)
    {
        if (args is ["paired", .. string[] rest])
        {
            PairedProgram.Run(rest);
            return;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    }
}
