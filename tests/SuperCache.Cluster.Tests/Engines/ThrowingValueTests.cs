using System.Buffers;
using System.Buffers.Binary;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>What a value's own comparison throws comes to the caller as what it is, at every node.</summary>
public class ThrowingValueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task PatternValueThatThrows_ReachesTheCaller_AsAnInvalidOperation(int nodes)
    {
        Grumpy.Throws = false;
        await using EngineCluster cluster = await EngineCluster.StartAsync(
            nodes, o => o.WireTypes.Add("grumpy", new GrumpySerializer()));
        cluster[0].Put(("k", new Grumpy(1)));
        await cluster.WhenEqualAsync();
        try
        {
            Grumpy.Throws = true;
            foreach (SuperCacheEngine cache in cluster.Engines)
            {
                var error = Assert.ThrowsAny<InvalidOperationException>(
                    () => cache.GetByMatch((Match.Any, new Grumpy(1))));
                Assert.Contains("not now", error.Message, StringComparison.Ordinal);
                error = Assert.ThrowsAny<InvalidOperationException>(
                    () => cache.DeleteByMatch((Match.Any, new Grumpy(1))));
                Assert.Contains("not now", error.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Grumpy.Throws = false;
        }

        Assert.Equal(1, await cluster[0].DeleteByMatchAsync((Match.Any, new Grumpy(1))));
    }

    private sealed class Grumpy(int number)
    {
        public static bool Throws { get; set; }

        public int Number => number;

        public override bool Equals(object? obj) => Throws
            ? throw new InvalidOperationException("not now") : obj is Grumpy other && other.Number == Number;

        public override int GetHashCode() => number;
    }

    private sealed class GrumpySerializer : IWireSerializer<Grumpy>
    {
        public void Serialize(Grumpy value, IBufferWriter<byte> target)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), value.Number);
            target.Advance(4);
        }

        public Grumpy Deserialize(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt32LittleEndian(source));
    }
}
