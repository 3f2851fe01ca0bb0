using SuperCache.Diagnostics;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>What a <see cref="Lane"/> must know of its table.</summary>
/// <param name="Hasher">Hashes keys and chooses partitions.</param>
/// <param name="Tally">Counts the reads.</param>
/// <param name="Partitions">How many partitions the table has.</param>
/// <param name="Direct">Where reads of numbers look first.</param>
internal sealed record LaneTerms(
    KeyHasher Hasher, ReadTally Tally, int Partitions, DirectAccess Direct);
