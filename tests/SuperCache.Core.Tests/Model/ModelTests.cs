using System.Globalization;
using CsCheck;
using Xunit;

namespace SuperCache.Core.Tests.Model;

/// <summary>Random operation sequences against a plain reference model, for each table kind.</summary>
/// <remarks>50,000 steps a kind; the long run is
/// <code>SUPERCACHE_MODEL_STEPS=1000000 dotnet test tests/SuperCache.Core.Tests -c Release --filter FullyQualifiedName~ModelTests</code></remarks>
public sealed class ModelTests
{
    private const int StepsOfARun = 100;

    private static readonly long Steps = long.Parse(
        Environment.GetEnvironmentVariable("SUPERCACHE_MODEL_STEPS") ?? "50000", CultureInfo.InvariantCulture);

    private static readonly Gen<Step[]> GenSteps = Gen.Select(
        Gen.Int[0, ModelRun.Operations - 1],
        Gen.Int[0, 26],
        Gen.Int[0, 5],
        Gen.Int[0, RecordBuilder.Forms - 1],
        Gen.Int[0, 2],
        Gen.Int[0, 11],
        Gen.Int[0, 40],
        Gen.Int[0, 999]).Select((operation, key, partition, form, length, terms, count, extra) =>
            new Step(operation, key, partition, form, length, terms, count, extra)).Array[StepsOfARun];

    [Theory]
    [InlineData(TableKind.Set)]
    [InlineData(TableKind.OrderedSet)]
    [InlineData(TableKind.Bag)]
    [InlineData(TableKind.DuplicateBag)]
    public void Cache_DoesWhatItsModelDoes_ForAnySequenceOfOperations(TableKind kind) =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[1, 4], GenSteps).Sample(
            (key, partition, isOnePosition, partitions, steps) =>
                ModelRun.Execute(new Setting(kind, key, isOnePosition ? key : partition, partitions), steps),
            iter: Steps / StepsOfARun);
}
