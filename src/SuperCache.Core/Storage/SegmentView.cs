using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>What a read needs of a segment to find a key's home in it, side by side in a
/// <see cref="Lane{TContent}"/>.</summary>
/// <remarks>
/// A read that went by the segment itself would touch two more lines of memory, the segment's and its array's first;
/// with many segments these do not stay near the processor.
/// <list type="number">
/// <item>W1: the slots are null while the other fields are changed. So a reader that finds the same slots before and
/// after it has read those has read what belongs together: a segment has one array of slots for ever, and is never
/// shown again where another one was shown since.</item>
/// </list>
/// </remarks>
internal struct SegmentView<TContent>
{
    private Slot<TContent>[]? _slots;
    private int _capacity;
    private int _depth;
    private Segment<TContent>? _segment;

    /// <summary>Shows another segment, or none. One writer at a time.</summary>
    public void Show(Segment<TContent>? segment)
    {
        if (_segment == segment)
        {
            return;
        }

        Volatile.Write(ref _slots, null);
        Volatile.WriteBarrier();
        _segment = segment;
        if (segment is not null)
        {
            // Not when there is none: one that is hidden and shown again is still the same to a slow reader.
            _capacity = segment.Capacity;
            _depth = segment.Depth;
            Volatile.Write(ref _slots, segment.Slots);
        }
    }

    /// <summary>Finds the home slot of a position.</summary>
    /// <param name="position">A position that leads here.</param>
    /// <param name="slots">The slots of the segment that is shown.</param>
    /// <param name="home">The home among them.</param>
    /// <returns>False if no segment is shown, or another one just now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindHome(uint position, [NotNullWhen(true)] out Slot<TContent>[]? slots, out nint home)
    {
        slots = Volatile.Read(ref _slots);
        if (slots is null)
        {
            home = 0;
            return false;
        }

        home = HashBits.Home(position, _depth, _capacity);
        Volatile.ReadBarrier();
        return _slots == slots;
    }

    /// <summary>The segment whose slots are shown, if <see cref="Shows"/> says so afterwards; null while none
    /// is.</summary>
    public Segment<TContent>? Segment => Volatile.Read(ref _segment);

    /// <summary>Whether the slots of the same segment are still shown.</summary>
    public bool Shows(Slot<TContent>[] slots) => Volatile.Read(ref _slots) == slots;
}
