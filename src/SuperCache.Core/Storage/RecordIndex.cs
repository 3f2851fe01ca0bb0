using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>A hash index over records of one type: one entry a key, read without locks beside one writer.</summary>
/// <remarks>
/// <para>
/// Extendible hashing: a directory maps the position bits of a hash to segments of at most <see cref="HashBits.MaxGroups"/> groups.
/// A full segment is copied into a larger one, or, at full size, split in two by one more bit; so growth costs the writer some tens of
/// microseconds at a time, whatever the size of the index, and costs readers nothing.
/// </para>
/// <list type="number">
/// <item>X1: a key is in at most one slot of the segments that the directory names, or else in the overflow.</item>
/// <item>X2: a segment that has left the directory is never written again. A reader that still holds it answers as of the
/// moment it left, which lies within the reader's call.</item>
/// <item>X3: the overflow holds only keys that found no room within reach in a segment that is far from full: keys with one hash.
/// It is keyed by the keys' own hash codes, so strings that collide here (by a seed that leaked) do not collide there.</item>
/// </list>
/// <para>Source: Fagin et al., "Extendible hashing" (1979); the tag bytes follow the idea of Abseil's Swiss tables.</para>
/// </remarks>
internal sealed partial class RecordIndex<TSlot> : RecordIndex
{
    private const int FirstGroups = 2;

    private readonly RecordElement<TSlot> _key;
    private readonly nint _keyOffset;
    private readonly Type _keyType;
    private readonly bool _keyIsString;

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
        _keyIsString = key.Type == typeof(string);
        Reset();
    }

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override bool TryFindRecord<TKey>(TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node)
    {
        bool found = TryFind(key, hash, out TSlot slot, out node);
        record = found ? _key.Record(in slot) : null;
        return found;
    }

    /// <summary>Copies out the entry of a key. Any thread; no lock, no allocation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (typeof(TKey).IsValueType)
        {
            return TryFindValue(key, hash, out found, out node);
        }

        return key is string text && _keyIsString
            ? TryFindString(text, hash, out found, out node)
            : TryFindObject(key!, hash, out found, out node);
    }

    public bool TryFindString(string key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (!_keyIsString)
        {
            return TryFindObject(key, hash, out found, out node);
        }

        var match = new StringMatch<TSlot>(key, _keyOffset);
        GroupReader<TSlot>.Outcome outcome = GroupReader<TSlot>.TryFind(GroupsOf(hash), match, hash, out found, out node);
        return outcome == GroupReader<TSlot>.Outcome.Found
            || (outcome == GroupReader<TSlot>.Outcome.Exhausted && TryFindFar(match, key, hash, out found, out node));
    }

    public bool TryFindValue<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (_keyType != typeof(TKey))
        {
            return TryFindUnboxed(key, hash, out found, out node);
        }

        var match = new ValueMatch<TSlot, TKey>(key, _keyOffset);
        GroupReader<TSlot>.Outcome outcome = GroupReader<TSlot>.TryFind(GroupsOf(hash), match, hash, out found, out node);
        return outcome == GroupReader<TSlot>.Outcome.Found
            || (outcome == GroupReader<TSlot>.Outcome.Exhausted && TryFindFar(match, key!, hash, out found, out node));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindUnboxed<TKey>(TKey key, ulong hash, out TSlot found, out EntryNode? node)
    {
        if (_keyType.IsValueType)
        {
            found = default!;
            node = null;
            return false;
        }

        var match = new UnboxedMatch<TSlot, TKey>(key, _keyOffset);
        GroupReader<TSlot>.Outcome outcome = GroupReader<TSlot>.TrySearch(GroupsOf(hash), match, hash, out found, out node);
        return outcome == GroupReader<TSlot>.Outcome.Found
            || (outcome == GroupReader<TSlot>.Outcome.Exhausted && TryFindFar(match, key!, hash, out found, out node));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindObject(object key, ulong hash, out TSlot found, out EntryNode? node)
    {
        var match = new ObjectMatch<TSlot>(key, _key);
        GroupReader<TSlot>.Outcome outcome = GroupReader<TSlot>.TrySearch(GroupsOf(hash), match, hash, out found, out node);
        return outcome == GroupReader<TSlot>.Outcome.Found
            || (outcome == GroupReader<TSlot>.Outcome.Exhausted && TryFindFar(match, key, hash, out found, out node));
    }

    /// <summary>Looks in the overflow, and again in the segments if an entry may have moved from one to the other meanwhile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindFar<TMatch>(TMatch match, object key, ulong hash, out TSlot found, out EntryNode? node)
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

            if (Volatile.Read(ref _overflow) is { } overflow && overflow.TryFind(key, out found!, out node))
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
    private Group<TSlot>[] GroupsOf(ulong hash)
    {
        Group<TSlot>[][] directory = Volatile.Read(ref _directory);
        nint index = HashBits.Directory(HashBits.Position(hash), directory.Length);
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(directory), index);
    }
}
