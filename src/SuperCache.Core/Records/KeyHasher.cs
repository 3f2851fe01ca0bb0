using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Records;

/// <summary>Hashes keys and partition values with seeded XxHash3, by run-time type and value, without boxing.</summary>
/// <remarks>
/// <para>
/// Strings go to <see cref="XxHash3"/> itself. A <see cref="Guid"/> is hashed by the same function written out for
/// 16 bytes,
/// because the general entry point costs more than the hash; <c>KeyHasherTests</c> holds the two equal. Integers are
/// multiplied by a secret odd number, the product is folded and multiplied by another: one multiplication alone would
/// leave numbers with a common step in runs, and runs are what linear probing bears worst. Other types contribute their
/// own <see cref="object.GetHashCode"/>, which then goes the way of an integer.
/// </para>
/// <para>The hash of a value does not depend on the static type it is passed as: an <see cref="int"/> in an
/// <see cref="object"/> hashes as an <see cref="int"/>.</para>
/// <para>Source: the XXH3 64-bit specification, lengths 9 to 16 and 17 to 128, github.com/Cyan4973/xxHash;
/// Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem" (1997), for multiply-shift;
/// Pătraşcu and Thorup, "On the k-independence required by linear probing and minwise independence" (2010).</para>
/// </remarks>
internal readonly struct KeyHasher
{
    private const ulong Secret0 = 0xbe4ba423396cfeb8;
    private const ulong Secret8 = 0x1cad21f72c81017c;
    private const ulong Secret16 = 0xdb979083e96dd4de;
    private const ulong Secret24 = 0x1f67b3b7a4a44072;
    private const ulong Secret32 = 0x78e5c0cc4ee679cb;
    private const ulong Secret40 = 0x2172ffcc7dd05a82;
    private const ulong Secret48 = 0x8e2443f7744608b8;
    private const ulong Secret56 = 0x4c263a81e69035e0;
    private const ulong PrimeLength = 0x9E3779B185EBCA87;
    private const ulong PrimeAvalanche = 0x165667919E3779F9;

    private readonly long _seed;
    private readonly ulong _multiplier;
    private readonly ulong _spreader;
    private readonly ulong _flipLow;
    private readonly ulong _flipHigh;
    private readonly Flips _flip0;
    private readonly Flips _flip16;
    private readonly Flips _flip32;
    private readonly Flips _flip48;

    /// <summary>Hashes the types that have no function of their own here; null where their own hash codes
    /// do.</summary>
    private readonly StableHash? _others;

    /// <summary>A hasher that gives what <see cref="StableHash"/> gives, so that the short cuts that one process takes
    /// lead to the partitions that all nodes agree on.</summary>
    public KeyHasher(StableHash stable)
        : this(StableHash.Seed) => _others = stable;

    public KeyHasher(long seed)
    {
        _seed = seed;
        ulong s = (ulong)seed;
        _multiplier = XxHash3.HashToUInt64(BitConverter.GetBytes(seed), seed) | 1;
        _spreader = XxHash3.HashToUInt64(BitConverter.GetBytes(_multiplier), seed) | 1;
        _flipLow = (Secret24 ^ Secret32) + s;
        _flipHigh = (Secret40 ^ Secret48) - s;
        _flip0 = new Flips(Secret0 + s, Secret8 - s);
        _flip16 = new Flips(Secret16 + s, Secret24 - s);
        _flip32 = new Flips(Secret32 + s, Secret40 - s);
        _flip48 = new Flips(Secret48 + s, Secret56 - s);
    }

    /// <summary>Hashes a key of any type; allocates nothing for the types that are passed unboxed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash<TKey>(TKey key)
    {
        if (typeof(TKey) == typeof(int) || typeof(TKey) == typeof(uint))
        {
            return HashInteger(Unsafe.As<TKey, uint>(ref key));
        }

        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong))
        {
            return HashLong(Unsafe.As<TKey, ulong>(ref key));
        }

        if (typeof(TKey) == typeof(Guid))
        {
            return HashNineToSixteen(
                Unsafe.As<TKey, ulong>(ref key), Unsafe.Add(ref Unsafe.As<TKey, ulong>(ref key), 1), length: 16);
        }

        // A nullable type goes the way of an object: its values hash as those of its underlying type.
        if (default(TKey) is not null)
        {
            return _others is null ? HashCode(EqualityComparer<TKey>.Default.GetHashCode(key!)) : _others.Of(key);
        }

        return key is string text ? HashString(text) : HashObject(key!);
    }

    /// <summary>The general function, written out for the lengths that keys mostly have.</summary>
    public ulong HashString(string text) => ShortText.Is(text)
        ? HashShort(text)
        : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), _seed);

    /// <summary>The same for a <see cref="ShortText"/>, without a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashShort(string text)
    {
        nuint length = (nuint)(uint)text.Length * sizeof(char);
        ref byte start = ref Unsafe.As<char, byte>(ref Unsafe.AsRef(in text.GetPinnableReference()));
        if (length <= 16)
        {
            return HashNineToSixteen(Word(ref start, 0), Word(ref start, length - sizeof(ulong)), length);
        }

        ulong sum = length * PrimeLength;
        if (length > 32)
        {
            sum += Mix(ref start, 16, _flip32) + Mix(ref start, length - 32, _flip48);
        }

        return Avalanche(sum + Mix(ref start, 0, _flip0) + Mix(ref start, length - 16, _flip16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ref byte start, nuint offset, Flips flips) =>
        Fold(Word(ref start, offset) ^ flips.First, Word(ref start, offset + sizeof(ulong)) ^ flips.Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte start, nuint offset) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right) =>
        Wide.UpperProduct(left, right) ^ (left * right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Avalanche(ulong hash)
    {
        hash ^= hash >> 37;
        hash *= PrimeAvalanche;
        return hash ^ (hash >> 32);
    }

    private ulong HashObject(object key) => key switch
    {
        int value => HashInteger((uint)value),
        uint value => HashInteger(value),
        long value => HashLong((ulong)value),
        ulong value => HashLong(value),
        Guid value => Hash(value),
        string value => HashString(value),
        _ => _others is null ? HashCode(key.GetHashCode()) : _others.Of(key),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashCode(int code) => HashInteger((uint)code);

    /// <summary>The product with a secret odd number, its upper half folded over the lower, times another. For at
    /// most 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashInteger(uint value)
    {
        ulong product = value * _multiplier;
        return (product ^ (product >> 32)) * _spreader;
    }

    /// <summary>The 128-bit product with a secret odd number, its upper half folded over the lower, times
    /// another.</summary>
    /// <remarks>Of the 64-bit product the lower half knows nothing of a number's upper bits, whatever the secret:
    /// numbers that differ
    /// only there would share a group.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashLong(ulong value) => Fold(value, _multiplier) * _spreader;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashNineToSixteen(ulong first, ulong last, nuint length)
    {
        ulong low = first ^ _flipLow;
        ulong high = last ^ _flipHigh;
        return Avalanche(length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    /// <summary>What two words of a key are mixed with: secrets and the seed.</summary>
    private readonly record struct Flips(ulong First, ulong Second);
}
