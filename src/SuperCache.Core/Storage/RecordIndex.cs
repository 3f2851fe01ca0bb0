using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>A hash index over records of one type: one entry a key, read without locks beside one writer.</summary>
/// <remarks>
/// <para>
/// Extendible hashing: a directory maps the position bits of a hash to segments of at most
/// <see cref="HashBits.MaxGroups"/> groups.
/// A full segment is copied into a larger one, or, at full size, split in two by one more bit; so growth costs the
/// writer some tens of
/// microseconds at a time, whatever the size of the index, and costs readers nothing.
/// </para>
/// <list type="number">
/// <item>X1: a key is in at most one slot of the segments that the directory names, or else in the overflow.</item>
/// <item>X2: a segment that has left the directory is never written again. A reader that still holds it answers as
/// of the
/// moment it left, which lies within the reader's call.</item>
/// <item>X3: the overflow holds only keys that found no room within reach in a segment that is far from full: keys
/// with one hash.
/// It is keyed by the keys' own hash codes, so strings that collide here (by a seed that leaked) do not collide
/// there.</item>
/// </list>
/// <para>Source: Fagin et al., "Extendible hashing" (1979); the tag bytes follow the idea of Abseil's Swiss
/// tables.</para>
/// </remarks>
internal sealed partial class RecordIndex<TSlot> : RecordIndex
{
    private const int FirstGroups = 2;

    private readonly RecordElement<TSlot> _key;
    private readonly nint _keyOffset;
    private readonly Type _keyType;
    private readonly KeyKind _keyKind;

    /// <summary>The groups of <see cref="_segments"/>, for readers. Replaced whole by the writer.</summary>
    private Group<TSlot>[][] _directory;

    /// <summary>A power of two of references; neighbours may name one segment. Writer only.</summary>
    private Segment<TSlot>[] _segments;

    private OverflowEntries<TSlot>? _overflow;
    private long _count;

    public RecordIndex(RecordElement<TSlot> key)
    {
        _key = key;
        _keyOffset = key.Offset;
        _keyType = key.Type;
        _keyKind = KeyKinds.Of(key.Type);
        Reset();
    }

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override bool TryFindRecord<TKey>(
        TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node)
    {
        bool found = TryFind(key, hash, out TSlot slot, out node);
        record = found ? _key.Record(in slot) : null;
        return found;
    }

    /// <summary>Copies out the entry of a key. Any thread; no lock, no allocation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (!typeof(TKey).IsValueType)
        {
            return key is string text && _keyKind == KeyKind.String
                ? TryFindString(text, hash, out found, out node)
                : TryFindObject(key!, hash, out found, out node);
        }

        if (KeyKinds.Of<TKey>() != KeyKind.Other && KeyKinds.Of<TKey>() == _keyKind)
        {
            switch (Unsafe.SizeOf<TKey>())
            {
                case sizeof(uint):
                    return TryFindFour(Unsafe.As<TKey, uint>(ref key), hash, out found, out node);
                case sizeof(ulong):
                    return TryFindEight(Unsafe.As<TKey, ulong>(ref key), hash, out found, out node);
                default:
                    return TryFindSixteen(Unsafe.As<TKey, UInt128>(ref key), hash, out found, out node);
            }
        }

        return _keyType == typeof(TKey)
            ? TryFindValue(key, hash, out found, out node)
            : TryFindUnboxed(key, hash, out found, out node);
    }

    private bool TryFindString(string key, ulong hash, out TSlot found, out EntryNode? node)
    {
        ref Group<TSlot> group = ref HomeOf(hash);
        uint version = Volatile.Read(ref group.Version);
        ulong candidate = HashBits.FirstCandidate(Volatile.Read(ref group.Tags), HashBits.Tag(hash));
        if (candidate != 0)
        {
            ref TSlot slot = ref FirstOf(ref group, candidate);
            string own = Unsafe.As<TSlot, string>(ref Unsafe.AddByteOffset(ref slot, _keyOffset));
            if (string.Equals(own, key) && TryTake(ref group, candidate, version, out found, out node))
            {
                return true;
            }
        }
        else if (group.Passed == 0)
        {
            return Absent(out found, out node);
        }

        return TryFindFar(new StringMatch<TSlot>(key, _keyOffset), key, hash, out found, out node);
    }

    private bool TryFindFour(uint key, ulong hash, out TSlot found, out EntryNode? node)
    {
        ref Group<TSlot> group = ref HomeOf(hash);
        uint version = Volatile.Read(ref group.Version);
        ulong candidate = HashBits.FirstCandidate(Volatile.Read(ref group.Tags), HashBits.Tag(hash));
        if (candidate != 0)
        {
            ref TSlot slot = ref FirstOf(ref group, candidate);
            uint own = Unsafe.As<TSlot, uint>(ref Unsafe.AddByteOffset(ref slot, _keyOffset));
            if (own == key && TryTake(ref group, candidate, version, out found, out node))
            {
                return true;
            }
        }
        else if (group.Passed == 0)
        {
            return Absent(out found, out node);
        }

        return TryFindFar(new ValueMatch<TSlot, uint>(key, _keyOffset), null, hash, out found, out node);
    }

    private bool TryFindEight(ulong key, ulong hash, out TSlot found, out EntryNode? node)
    {
        ref Group<TSlot> group = ref HomeOf(hash);
        uint version = Volatile.Read(ref group.Version);
        ulong candidate = HashBits.FirstCandidate(Volatile.Read(ref group.Tags), HashBits.Tag(hash));
        if (candidate != 0)
        {
            ref TSlot slot = ref FirstOf(ref group, candidate);
            ulong own = Unsafe.As<TSlot, ulong>(ref Unsafe.AddByteOffset(ref slot, _keyOffset));
            if (own == key && TryTake(ref group, candidate, version, out found, out node))
            {
                return true;
            }
        }
        else if (group.Passed == 0)
        {
            return Absent(out found, out node);
        }

        return TryFindFar(new ValueMatch<TSlot, ulong>(key, _keyOffset), null, hash, out found, out node);
    }

    private bool TryFindSixteen(UInt128 key, ulong hash, out TSlot found, out EntryNode? node)
    {
        ref Group<TSlot> group = ref HomeOf(hash);
        uint version = Volatile.Read(ref group.Version);
        ulong candidate = HashBits.FirstCandidate(Volatile.Read(ref group.Tags), HashBits.Tag(hash));
        if (candidate != 0)
        {
            ref TSlot slot = ref FirstOf(ref group, candidate);
            UInt128 own = Unsafe.As<TSlot, UInt128>(ref Unsafe.AddByteOffset(ref slot, _keyOffset));
            if (own == key && TryTake(ref group, candidate, version, out found, out node))
            {
                return true;
            }
        }
        else if (group.Passed == 0)
        {
            return Absent(out found, out node);
        }

        return TryFindFar(new ValueMatch<TSlot, UInt128>(key, _keyOffset), null, hash, out found, out node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindValue<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node) =>
        TryFindFar(new ValueMatch<TSlot, TKey>(key, _keyOffset), null, hash, out found, out node);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindUnboxed<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (!_keyType.IsValueType)
        {
            return TryFindFar(new UnboxedMatch<TSlot, TKey>(key, _keyOffset), null, hash, out found, out node);
        }

        // The values of a nullable type are those of its underlying one.
        return Underlying(_keyType) == Underlying(typeof(TKey))
            ? TryFindFar(new ObjectMatch<TSlot>(key!, _key), key, hash, out found, out node)
            : Absent(out found, out node);

        static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindObject(object key, ulong hash, out TSlot found, out EntryNode? node) =>
        TryFindFar(new ObjectMatch<TSlot>(key, _key), key, hash, out found, out node);

    /// <summary>Looks in every group that may hold the key and in the overflow, and again if an entry may have moved
    /// from one to the
    /// other meanwhile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindFar<TMatch>(TMatch match, object? key, ulong hash, out TSlot found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        while (true)
        {
            Group<TSlot>[][] directory = Volatile.Read(ref _directory);
            Group<TSlot>[] groups = directory[HashBits.Directory(HashBits.Position(hash), directory.Length)];
            GroupReader<TSlot>.Outcome outcome = GroupReader<TSlot>.TrySearch(groups, match, hash, out found, out node);
            if (outcome != GroupReader<TSlot>.Outcome.Exhausted)
            {
                return outcome == GroupReader<TSlot>.Outcome.Found;
            }

            if (Volatile.Read(ref _overflow) is { } overflow
                && overflow.TryFind(match, key, hash, out found!, out node))
            {
                return true;
            }

            if (Volatile.Read(ref _directory) == directory)
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Group<TSlot> HomeOf(ulong hash)
    {
        uint position = HashBits.Position(hash);
        Group<TSlot>[][] directory = Volatile.Read(ref _directory);
        Group<TSlot>[] groups = Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(directory), HashBits.Directory(position, directory.Length));
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(groups), HashBits.Group(position, groups.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref TSlot FirstOf(ref Group<TSlot> group, ulong candidate) =>
        ref Unsafe.Add(ref group.Slots.First, BitOperations.TrailingZeroCount(candidate) >> 3);

    /// <summary>Copies the first candidate out; false when the writer has come between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake(
        ref Group<TSlot> group, ulong candidate, uint version, out TSlot found, out EntryNode? node)
    {
        found = FirstOf(ref group, candidate);
        node = group.Noted == 0
            ? null : GroupReader<TSlot>.NodeOf(ref group, BitOperations.TrailingZeroCount(candidate) >> 3);
        Volatile.ReadBarrier();
        return group.Version == version;
    }

    private static bool Absent(out TSlot found, out EntryNode? node)
    {
        found = default!;
        node = null;
        return false;
    }
}
