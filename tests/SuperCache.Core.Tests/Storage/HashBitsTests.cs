using CsCheck;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class HashBitsTests
{
    [Fact]
    public void GoesUp_AgreesWithDirectory_AtEveryDepth() =>
        Gen.Select(Gen.UInt, Gen.Int[0, HashBits.MaxDepth - 1]).Sample((position, depth) =>
    {
        int before = HashBits.Directory(position, 1 << depth);
        int after = HashBits.Directory(position, 2 << depth);
        return after == before * 2 + (HashBits.GoesUp(position, depth) ? 1 : 0);
    });

    [Fact]
    public void Home_IsWithinTheSegment_AtEveryDepthAndCapacity() =>
        Gen.Select(Gen.UInt, Gen.Int[0, HashBits.MaxDepth], Gen.Int[1, 4_096]).Sample((position, depth, capacity) =>
            HashBits.Home(position, depth, capacity) is nint home && home >= 0 && home < capacity);

    [Fact]
    public void Lane_LeadsWherePartitionAndDirectoryLead() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 16_384], Gen.Int[0, 16]).Sample((hash, partitions, depth) =>
    {
        int partition = HashBits.Partition(hash, partitions);
        int segment = HashBits.Directory(HashBits.Position(hash, (ulong)partitions), 1 << depth);
        return HashBits.Lane(hash, partitions << depth) == ((nint)partition << depth) + segment;
    });
}
