using CsCheck;
using SuperCache.Storage;
using Xunit;

namespace SuperCache.Core.Tests.Storage;

public sealed class HashBitsTests
{
    [Fact]
    public void Candidates_MarkExactlyTheEqualBytes_WhateverStandsBesideThem() =>
        Gen.Select(Gen.Byte[0, 3].Array[8], Gen.Byte[1, 3]).Sample((bytes, tag) =>
        {
            ulong tags = BitConverter.ToUInt64(bytes);
            ulong expected = 0;
            for (int i = 0; i < 8; i++)
            {
                expected |= bytes[i] == tag ? 0x80ul << (i * 8) : 0;
            }

            ulong first = HashBits.FirstCandidate(tags, tag);
            Assert.Equal(expected & (~expected + 1), first & (~first + 1));
            return HashBits.Candidates(tags, tag) == expected;
        });

    [Fact]
    public void UsedAndFree_PartTheBytes_ByBeingZero() => Gen.Byte[0, 2].Array[8].Sample(bytes =>
    {
        ulong tags = BitConverter.ToUInt64(bytes);
        ulong used = HashBits.Used(tags);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(bytes[i] != 0, (used & (0x80ul << (i * 8))) != 0);
        }

        Assert.Equal(0x8080808080808080ul, used ^ HashBits.Free(tags));
    });

    [Fact]
    public void Tag_IsNeverZero_ForAnyHash() => Gen.ULong.Sample(hash => HashBits.Tag(hash) is > 0 and < 256);

    [Fact]
    public void Join_LeadsToTheSameSlots_AsTheWholeHash() => Gen.ULong.Sample(hash =>
    {
        ulong joined = HashBits.Join(HashBits.Position(hash), HashBits.Tag(hash));
        Assert.Equal(HashBits.Position(hash), HashBits.Position(joined));
        Assert.Equal(HashBits.Tag(hash), HashBits.Tag(joined));
    });

    [Fact]
    public void GoesUp_AgreesWithDirectory_AtEveryDepth() => Gen.Select(Gen.UInt, Gen.Int[0, HashBits.MaxDepth - 1]).Sample((position, depth) =>
    {
        int before = HashBits.Directory(position, 1 << depth);
        int after = HashBits.Directory(position, 2 << depth);
        return after == before * 2 + (HashBits.GoesUp(position, depth) ? 1 : 0);
    });
}
