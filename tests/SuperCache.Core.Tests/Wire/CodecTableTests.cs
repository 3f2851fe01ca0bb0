using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public class CodecTableTests
{
    private const int Rounds = 2_000;

    /// <summary>The races are the first ones of a table's life, so that each round needs a table of its own.</summary>
    [Fact]
    public void Type_HasOneCodec_HoweverManyThreadsNeedItFirst()
    {
        byte[] descriptor = new CodecTable(new WireTypeRegistry()).Of(typeof((string, int)))!.Descriptor.Bytes;
        CodecTable table = null!;
        var found = new ValueCodec?[4];
        using var gate = new Barrier(found.Length, phases =>
        {
            if (phases.CurrentPhaseNumber % 2 == 0)
            {
                table = new CodecTable(new WireTypeRegistry());
            }
        });
        var threads = new Thread[found.Length];
        int differences = 0;
        for (int t = 0; t < threads.Length; t++)
        {
            int thread = t;
            threads[t] = new Thread(() =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    gate.SignalAndWait();
                    found[thread] = thread % 2 == 0 ? table.Of(typeof((string, int))) : Find(table, descriptor);
                    gate.SignalAndWait();
                    if (found[thread] is null || found[thread] != Find(table, descriptor)
                        || found[thread] != table.Of(typeof((string, int))))
                    {
                        Interlocked.Increment(ref differences);
                    }
                }
            });
            threads[t].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, differences);
    }

    private static ValueCodec? Find(CodecTable table, byte[] descriptor) =>
        table.Find(descriptor, out ValueCodec? codec, out _) == WireReadResult.Ok ? codec : null;
}
