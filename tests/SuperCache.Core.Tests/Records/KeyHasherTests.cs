using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;
using SuperCache.Records;
using SuperCache.Storage;
using SuperCache.Tests;
using Xunit;

namespace SuperCache.Core.Tests.Records;

public sealed class KeyHasherTests
{
    [Fact]
    public void Hash_OfAGuid_IsXxHash3OfItsBytes() => Gen.Select(Gen.Guid, Gen.Long).Sample((guid, seed) =>
        new KeyHasher(seed).Hash(guid) == XxHash3.HashToUInt64(guid.ToByteArray(), seed));

    [Fact]
    public void Hash_OfAString_IsXxHash3OfItsCharacters_AtEveryLength() =>
        Gen.Select(Gen.Char.Array[0, 70], Gen.Long).Sample(
            (chars, seed) => new KeyHasher(seed).Hash(new string(chars))
                == XxHash3.HashToUInt64(MemoryMarshal.AsBytes(chars.AsSpan()), seed),
            iter: 20_000);

    [Fact]
    public void Hash_IsTheSame_ForAKeyPassedAsAnObject() => Gen.Select(Keys.Mixed, Gen.Long).Sample((key, seed) =>
    {
        var hasher = new KeyHasher(seed);
        ulong expected = hasher.Hash(key);
        ulong typed = key switch
        {
            int value => hasher.Hash(value),
            uint value => hasher.Hash(value),
            long value => hasher.Hash(value),
            ulong value => hasher.Hash(value),
            byte value => hasher.Hash(value),
            char value => hasher.Hash(value),
            bool value => hasher.Hash(value),
            double value => hasher.Hash(value),
            decimal value => hasher.Hash(value),
            Guid value => hasher.Hash(value),
            DateTime value => hasher.Hash(value),
            string value => hasher.Hash(value),
            ValueTuple<int, string> value => hasher.Hash(value),
            ValueTuple<long, Guid> value => hasher.Hash(value),
            IComparable value => hasher.Hash(value),
            _ => throw new InvalidOperationException($"No case for {key.GetType()}."),
        };
        Assert.Equal(expected, typed);
    });

    [Fact]
    public void Hash_OfANullable_IsThatOfItsValue()
    {
        var hasher = new KeyHasher(7);
        Assert.Equal(hasher.Hash(5), hasher.Hash((int?)5));
        Assert.Equal(hasher.Hash(5L << 40), hasher.Hash((long?)(5L << 40)));
        Assert.Equal(hasher.Hash(Guid.Empty), hasher.Hash((Guid?)Guid.Empty));
    }

    [Fact]
    public void Hash_DependsOnTheSeed_ForEveryKindOfKey()
    {
        var one = new KeyHasher(1);
        var two = new KeyHasher(2);
        Assert.NotEqual(one.Hash("a"), two.Hash("a"));
        Assert.NotEqual(one.Hash(1), two.Hash(1));
        Assert.NotEqual(one.Hash(1L), two.Hash(1L));
        Assert.NotEqual(one.Hash(Guid.Empty), two.Hash(Guid.Empty));
        Assert.NotEqual(one.Hash(1.5), two.Hash(1.5));
    }

    /// <summary>However the numbers lie, no part of an index gets a crowd.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(22)]
    [InlineData(32)]
    [InlineData(40)]
    [InlineData(44)]
    public void Hash_SpreadsNumbers_WithAnyNumberOfLowZeroBits(int shift)
    {
        const int Numbers = 65_536;
        for (long seed = 1; seed <= 8; seed++)
        {
            var hasher = new KeyHasher(seed);
            int[] homes = new int[256];
            int[] directories = new int[256];
            int[] partitions = new int[64];
            for (long i = 1; i <= Numbers; i++)
            {
                ulong hash = hasher.Hash(i << shift);
                uint position = HashBits.Position(hash, scale: 64);
                homes[HashBits.Home(position, depth: 8, homes.Length)]++;
                directories[HashBits.Directory(position, directories.Length)]++;
                partitions[HashBits.Partition(hash, partitions.Length)]++;
            }

            Assert.InRange(homes.Max(), 0, 2 * Numbers / homes.Length);
            Assert.InRange(directories.Max(), 0, 2 * Numbers / directories.Length);
            Assert.InRange(partitions.Max(), 0, 2 * Numbers / partitions.Length);
        }
    }
}
