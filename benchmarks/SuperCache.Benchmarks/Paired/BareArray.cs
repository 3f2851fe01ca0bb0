using System.Runtime.CompilerServices;

namespace SuperCache.Benchmarks.Paired;

/// <summary>How fast a read of consecutive ints could be at all: the key is the place, and no more is done than every
/// cache must that hands a record out beside a writer. No hash, no partition, no growth, no expiration, no
/// count.</summary>
public sealed class BareArray
{
    private const uint Used = 1;
    private readonly Slot[] _slots;

    public BareArray(int items)
    {
        _slots = new Slot[items];
        for (int i = 0; i < items; i++)
        {
            _slots[i].Record = (i, 1);
            _slots[i].Version = Used;
        }
    }

    /// <summary>Copies a record out between two looks at its version.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int key, out (int Key, long Value) record)
    {
        record = default;
        if ((uint)key >= (uint)_slots.Length)
        {
            return false;
        }

        ref Slot slot = ref _slots[key];
        ulong version = Volatile.Read(ref slot.Version);
        record = slot.Record;
        Volatile.ReadBarrier();
        return (version & Used) != 0 && record.Key == key && slot.Version == version;
    }

    private struct Slot
    {
        public ulong Version;
        public (int Key, long Value) Record;
    }
}
