using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Records;

/// <summary>Hashes keys and partition values with seeded XxHash3, by run-time type and value, without boxing.</summary>
/// <remarks>
/// <para>
/// Strings go to <see cref="XxHash3"/> itself. Values of exactly 4, 8 and 16 bytes are hashed by the same function written
/// out for that one length, because the general entry point costs more than the hash; <c>KeyHasherTests</c> holds them equal
/// to the library. Other types contribute their own <see cref="object.GetHashCode"/>, which is then mixed with the seed.
/// </para>
/// <para>The hash of a value does not depend on the static type it is passed as: an <see cref="int"/> in an
/// <see cref="object"/> hashes as an <see cref="int"/>.</para>
/// <para>Source: the XXH3 64-bit specification, lengths 4 to 8 and 9 to 16, github.com/Cyan4973/xxHash.</para>
/// </remarks>
internal readonly struct KeyHasher
{
    private const ulong Secret8 = 0x1cad21f72c81017c;
    private const ulong Secret16 = 0xdb979083e96dd4de;
    private const ulong Secret24 = 0x1f67b3b7a4a44072;
    private const ulong Secret32 = 0x78e5c0cc4ee679cb;
    private const ulong Secret40 = 0x2172ffcc7dd05a82;
    private const ulong Secret48 = 0x8e2443f7744608b8;
    private const ulong PrimeShort = 0x9FB21C651E98DF25;
    private const ulong PrimeAvalanche = 0x165667919E3779F9;

    private readonly long _seed;
    private readonly ulong _flipShort;
    private readonly ulong _flipLow;
    private readonly ulong _flipHigh;

    public KeyHasher(long seed)
    {
        _seed = seed;
        ulong s = (ulong)seed;
        _flipShort = (Secret8 ^ Secret16) - (s ^ ((ulong)BinaryPrimitives.ReverseEndianness((uint)s) << 32));
        _flipLow = (Secret24 ^ Secret32) + s;
        _flipHigh = (Secret40 ^ Secret48) - s;
    }

    /// <summary>Hashes a key of any type; allocates nothing for the types that are passed unboxed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash<TKey>(TKey key)
    {
        if (typeof(TKey) == typeof(int) || typeof(TKey) == typeof(uint))
        {
            return HashFour(Unsafe.As<TKey, uint>(ref key));
        }

        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong))
        {
            return HashEight(Unsafe.As<TKey, ulong>(ref key));
        }

        if (typeof(TKey) == typeof(Guid))
        {
            return HashSixteen(Unsafe.As<TKey, ulong>(ref key), Unsafe.Add(ref Unsafe.As<TKey, ulong>(ref key), 1));
        }

        if (typeof(TKey).IsValueType)
        {
            return HashCode(EqualityComparer<TKey>.Default.GetHashCode(key!));
        }

        return key is string text ? HashString(text) : HashObject(key!);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashString(string text) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), _seed);

    private ulong HashObject(object key) => key switch
    {
        int value => HashFour((uint)value),
        uint value => HashFour(value),
        long value => HashEight((ulong)value),
        ulong value => HashEight(value),
        Guid value => Hash(value),
        string value => HashString(value),
        _ => HashCode(key.GetHashCode()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashCode(int code) => HashFour((uint)code);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashFour(uint value) => MixShort(value + ((ulong)value << 32), 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashEight(ulong value) => MixShort(BitOperations.RotateLeft(value, 32), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong MixShort(ulong input, uint length)
    {
        ulong h = input ^ _flipShort;
        h ^= BitOperations.RotateLeft(h, 49) ^ BitOperations.RotateLeft(h, 24);
        h *= PrimeShort;
        h ^= (h >> 35) + length;
        h *= PrimeShort;
        return h ^ (h >> 28);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashSixteen(ulong first, ulong second)
    {
        ulong low = first ^ _flipLow;
        ulong high = second ^ _flipHigh;
        ulong upper = Math.BigMul(low, high, out ulong lower);
        ulong h = 16 + BinaryPrimitives.ReverseEndianness(low) + high + (upper ^ lower);
        h ^= h >> 37;
        h *= PrimeAvalanche;
        return h ^ (h >> 32);
    }
}
