using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>A hash index over records of one type: one entry a key, read without locks beside one writer.</summary>
/// <remarks>
/// <para>
/// Extendible hashing: a directory maps the first bits of a key's position to segments of some 2,000 slots, in which an
/// entry lies at its home slot or soon behind it. A full segment is copied into one a third larger, or, at full
/// size, split in two by one more bit; so growth costs the writer some tens of microseconds at a time, whatever the
/// size of the index, and costs readers nothing. Between 54 and 81 of 100 slots are used.
/// </para>
/// <list type="number">
/// <item>X1: a key is in at most one slot of the segments that the directory names, or else in the overflow.</item>
/// <item>X2: a segment that has left the directory is never written again. A reader that still holds it answers as of
/// the moment it left, which lies within the reader's call.</item>
/// <item>X3: the overflow holds only keys with one position that <see cref="HashBits.AlikeLimit"/> others have, or
/// that found no room within reach in a segment that is far from full. It is keyed by the keys' own hash codes, so
/// strings that collide here (by a seed that leaked) do not collide there. While it is not empty, reads that miss look
/// there, too.</item>
/// <item>X4: within a segment an entry never moves. Between segments and overflow entries move in a rebuild: into the
/// overflow before the new segments are published, out of it after <see cref="_rebuilds"/> has counted.</item>
/// </list>
/// <para>Source: Fagin et al., "Extendible hashing" (1979); Knuth, "The Art of Computer Programming" 3, 6.4,
/// for linear probing.</para>
/// </remarks>
internal sealed partial class RecordIndex<TContent> : RecordIndex
{
    private readonly RecordElement<TContent> _key;
    private readonly Type _keyType;
    private readonly ulong _scale;
    private readonly bool _isSystemClock;

    /// <summary>The directory: a power of two of references; neighbours may name one segment.</summary>
    private Segment<TContent>[] _segments;

    private OverflowEntries<TContent>? _overflow;
    private Lane<TContent>? _lane;

    /// <summary>Null unless keys are numbers.</summary>
    private readonly DirectWriter<TContent>? _direct;
    private int _partition;
    private int _rebuilds;
    private long _count;

    /// <param name="key">Reads the key.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="scale">See <see cref="HashBits.Position"/>.</param>
    public RecordIndex(RecordElement<TContent> key, TimeProvider clock, int scale = 1)
    {
        _key = key;
        _keyType = key.Type;
        Key = new KeyPlace(key.Offset, key.Type);
        _direct = DirectWriter<TContent>.IsFor(Key) ? new DirectWriter<TContent>(Key) : null;
        Clock = clock;
        _isSystemClock = clock == TimeProvider.System;
        _scale = (ulong)scale;
        Reset();
    }

    /// <inheritdoc/>
    public override long Count => Volatile.Read(ref _count);

    public KeyPlace Key { get; }

    public TimeProvider Clock { get; }

    /// <summary>Whether a mark lies ahead, as far as can be said without asking for the exact time.</summary>
    public bool IsSurelyThere(uint until) =>
        until == CoarseTime.Never || (_isSystemClock && CoarseTime.IsSurelyAhead(until));

    /// <inheritdoc/>
    public override bool TryFindRecord<TKey>(
        TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node) =>
        TryBox(key, hash, out record, out node);

    /// <inheritdoc/>
    public override bool TryFindRecord(
        object key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node) => key switch
        {
            int value => TryBox(value, hash, out record, out node),
            long value => TryBox(value, hash, out record, out node),
            Guid value => TryBox(value, hash, out record, out node),
            _ => TryBox(key, hash, out record, out node),
        };

    /// <inheritdoc/>
    public override Lane ShowIn(Lane? lane, LaneTerms terms, int partition)
    {
        lane ??= new Lane<TContent>(Key, terms);
        if (lane is Lane<TContent> own)
        {
            _partition = partition;
            if (_overflow is not null)
            {
                own.LeadElsewhere();
            }

            Follow(own.Show(partition, _segments, 0, _segments.Length) ? own : null);
            _direct?.Tell(Count);
        }

        return lane;
    }

    /// <summary>Shows the segments in a lane from now on, or in none.</summary>
    private void Follow(Lane<TContent>? lane)
    {
        _lane = lane;
        _direct?.Follow(lane, _partition);
    }

    /// <inheritdoc/>
    public override void LeaveLane()
    {
        _lane?.Hide(_partition);
        Follow(null);
    }

    /// <summary>Lets memory bring the slot of a key, which will be looked for in a moment. Any thread.</summary>
    public void Expect(ulong hash)
    {
        uint position = HashBits.Position(hash, _scale);
        SegmentOf(position).Expect(position);
    }

    /// <summary>Copies out the entry of a key if it has not expired, counts the read in it, and starts a sliding
    /// entry's time again.</summary>
    public bool TryRead<TKey>(TKey key, ulong hash, out TContent found)
    {
        uint position = HashBits.Position(hash, _scale);
        if (!TryFindAt(key, position, out found, out EntryNode? node))
        {
            return false;
        }

        node?.CountHit();
        return node is null || node.IsLive(Clock);
    }

    /// <summary>Copies out the entry of a key, expired or not, and leaves it as it is. Any thread; no lock.</summary>
    public bool TryFind<TKey>(TKey key, ulong hash, out TContent found, out EntryNode? node) =>
        TryFindAt(key, HashBits.Position(hash, _scale), out found, out node);

    private bool TryBox<TKey>(
        TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node)
    {
        bool found = TryFind(key, hash, out TContent content, out node);
        record = found ? _key.Record(in content) : null;
        return found;
    }

    private bool TryFindAt<TKey>(TKey key, uint position, out TContent found, out EntryNode? node)
    {
        if (!typeof(TKey).IsValueType)
        {
            return Search(new ObjectMatch<TContent>(key!, _key), position, out found, out node);
        }

        if (_keyType == typeof(TKey))
        {
            return Search(new ValueMatch<TKey>(key, Key.Offset), position, out found, out node);
        }

        if (!_keyType.IsValueType)
        {
            return Search(new UnboxedMatch<TKey>(key, Key.Offset), position, out found, out node);
        }

        // The values of a nullable type are those of its underlying one.
        if (Underlying(_keyType) == Underlying(typeof(TKey)))
        {
            return Search(new ObjectMatch<TContent>(key!, _key), position, out found, out node);
        }

        found = default!;
        node = null;
        return false;

        static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;
    }

    /// <summary>Looks in the segment and in the overflow, and again if an entry may have moved from there into a
    /// segment meanwhile (X4).</summary>
    private bool Search<TMatch>(TMatch match, uint position, out TContent found, out EntryNode? node)
        where TMatch : struct, IKeyMatch
    {
        while (true)
        {
            int rebuilds = Volatile.Read(ref _rebuilds);
            if (SegmentOf(position).TryFind(match, position, out found, out node))
            {
                return true;
            }

            if (Volatile.Read(ref _overflow) is not { } overflow)
            {
                return false;
            }

            if (overflow.TryFind(match.Box(), out found!, out node))
            {
                return true;
            }

            if (Volatile.Read(ref _rebuilds) == rebuilds)
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Segment<TContent> SegmentOf(uint position)
    {
        Segment<TContent>[] segments = Volatile.Read(ref _segments);
        return Volatile.Read(ref segments[HashBits.Directory(position, segments.Length)]);
    }
}
