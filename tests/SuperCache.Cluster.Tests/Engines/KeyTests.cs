using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SuperCache.TestKit.Clusters;
using Xunit;

namespace SuperCache.Cluster.Tests.Engines;

/// <summary>Keys that cannot be found again, or compared, are refused before anything has changed.</summary>
public class KeyTests
{
    public static TheoryData<string> OnlyEqualToThemselves => [.. Strange.Keys];

    private static Dictionary<string, object> Strange { get; } = new()
    {
        ["array"] = new byte[] { 1, 2, 3 },
        ["list"] = new List<int> { 1 },
        ["registered"] = new Unequal(),
        ["tuple"] = ("a", new[] { 1 }),
        ["class tuple"] = Tuple.Create("a", (object)new[] { 1 }),
    };

    [Theory]
    [MemberData(nameof(OnlyEqualToThemselves))]
    public async Task KeyThatEqualsOnlyItself_IsRefused_BeforeAnythingHasChanged(string example)
    {
        object key = Strange[example];
        await using EngineCluster cluster = await StartAsync(nodes: 2);
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            ITuple[] records = [(key, "value"), Tuple.Create(key, "value")];
            foreach (ITuple record in records)
            {
                var error = Assert.Throws<UnsupportedValueException>(() => engine.Put(record));
                Assert.Contains(key.GetType().ToString(), error.Message, StringComparison.Ordinal);
                Assert.Throws<UnsupportedValueException>(() => engine.LazyPut(record));
                ITuple[] batch = [("first", 1), record];
                Assert.Throws<UnsupportedValueException>(() => engine.PutBatch(batch));
            }
        }

        Assert.All(cluster.Engines, engine => Assert.Equal(0, engine.Partitions.Sum(p => p.Count)));
    }

    [Fact]
    public async Task KeyOfADeclaredArray_IsRefused()
    {
        await using EngineCluster cluster = await StartAsync(nodes: 1);
        Assert.Throws<UnsupportedValueException>(() => cluster[0].Put((new byte[] { 1 }, "value")));
        Assert.Throws<UnsupportedValueException>(() => cluster[0].Put((("a", new byte[] { 1 }), "value")));
        cluster[0].Put((new Patient(1), "value"));
        Assert.True(cluster[0].DeleteByKey(new Patient(1)));
    }

    [Fact]
    public async Task DeleteByMatch_LooksAtItsToken_BeforeItAsks()
    {
        await using EngineCluster cluster = await StartAsync(nodes: 1);
        cluster[0].Put(("k", 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cluster[0].DeleteByMatchAsync(("k", Match.Any), default, new CancellationToken(true)).AsTask());
        Assert.Single(cluster[0].GetByKey("k"));
    }

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.Bag)]
    public async Task Put_OfAKeyThatCannotBeCompared_ThrowsAndChangesNothing(TableKind kind)
    {
        await using EngineCluster cluster = await StartAsync(
            nodes: 2, o => (o.TableKind, o.PartitionCount) = (kind, 1));
        cluster[0].Put((new Patient(1), "old"));
        foreach (SuperCacheEngine engine in cluster.Engines)
        {
            // The caller's node compares a key with what comes back from its bytes; the table compares it then.
            foreach (int good in (int[])[0, 2])
            {
                ITuple[] batch = [(new Patient(2), "a"), (new Patient(1), "new"), (new Patient(3), "b")];
                Patient.Comparisons = good;
                Assert.ThrowsAny<InvalidOperationException>(() => engine.Put((new Patient(1), "new")));
                Patient.Comparisons = good == 0 ? 0 : 6;
                Assert.ThrowsAny<InvalidOperationException>(() => engine.PutBatch(batch));
                Patient.Comparisons = int.MaxValue;
                await cluster.WhenEqualAsync();
                Assert.Equal("old", Assert.Single(engine.GetByKey(new Patient(1)))[1]);
                Assert.Equal(1, engine.Partitions[0].Count);
            }
        }

        Assert.Equal(0, cluster.Faults.Take());
    }

    private static Task<EngineCluster> StartAsync(int nodes, Action<SuperCacheOptions>? configure = null) =>
        EngineCluster.StartAsync(nodes, options =>
        {
            options.WireTypes.Add("patient", new PatientSerializer());
            options.WireTypes.Add("unequal", new UnequalSerializer());
            configure?.Invoke(options);
        });

    /// <summary>Compares as often as it is let, then throws.</summary>
    private sealed class Patient(int number)
    {
        private static int _left = int.MaxValue;

        public static int Comparisons
        {
            set => Volatile.Write(ref _left, value);
        }

        public int Number => number;

        public override bool Equals(object? obj)
        {
            if (Interlocked.Decrement(ref _left) < 0)
            {
                throw new InvalidOperationException("not now");
            }

            return obj is Patient other && other.Number == Number;
        }

        public override int GetHashCode() => number;
    }

    private sealed class Unequal;

    private sealed class PatientSerializer : IWireSerializer<Patient>
    {
        public void Serialize(Patient value, IBufferWriter<byte> target)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), value.Number);
            target.Advance(4);
        }

        public Patient Deserialize(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt32LittleEndian(source));
    }

    private sealed class UnequalSerializer : IWireSerializer<Unequal>
    {
        public void Serialize(Unequal value, IBufferWriter<byte> target)
        {
        }

        public Unequal Deserialize(ReadOnlySpan<byte> source) => new();
    }
}
