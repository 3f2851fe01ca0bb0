using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>Eight slots of a hash index and what a reader needs to know of them, side by side in memory.</summary>
/// <remarks>
/// The writer (there is one: it holds the partition's gate) changes a group so that a reader never waits and never
/// sees a mixture:
/// <list type="number">
/// <item>G1: a slot is visible exactly while its byte in <see cref="Tags"/> is not 0; <see cref="Tags"/> is written
/// whole,
/// so one store replaces an entry: the new slot appears and the old one disappears.</item>
/// <item>G2: a slot's content is written only while it is invisible, and only after <see cref="Version"/> has moved
/// on since
/// it was last visible. A reader that copies a slot and finds <see cref="Version"/> unchanged has copied one entry,
/// whole.</item>
/// <item>G3: at most <see cref="HashBits.UsableSlots"/> slots are visible, so a replacement always finds an
/// invisible one.</item>
/// <item>G4: while an entry lies beyond its home group, <see cref="Passed"/> is not 0 in any group it passed
/// over.</item>
/// </list>
/// </remarks>
internal struct Group<TSlot>
{
    /// <summary>One byte a slot: 0 when it is free, else eight bits of its hash. Writer only; read with
    /// <see cref="Volatile"/>.</summary>
    public ulong Tags;

    /// <summary>The nodes of the slots that <see cref="Noted"/> names; null until the first. Writer only.</summary>
    public EntryNode?[]? Nodes;

    /// <summary>See G2. Writer only; read with <see cref="Volatile"/>.</summary>
    public uint Version;

    /// <summary>Bit i is set when slot i has a node. Writer only.</summary>
    public byte Noted;

    /// <summary>How many entries passed over this group; 255 means "many" and is never lowered. Writer only.</summary>
    public byte Passed;

    /// <summary>The slots.</summary>
    public EightSlots<TSlot> Slots;
}

/// <summary>The slots of one group.</summary>
[InlineArray(HashBits.SlotsPerGroup)]
internal struct EightSlots<TSlot>
{
    /// <summary>Slot 0; the others follow it.</summary>
    public TSlot First;
}
