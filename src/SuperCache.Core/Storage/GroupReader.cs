using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SuperCache.Storage;

/// <summary>Finds an entry among the groups of one segment, beside the writer, without a lock.</summary>
/// <remarks>
/// A search looks at the home group first, in the two methods that are compiled into the caller's path (a first candidate that
/// matches, or a group that proves the key absent), and at everything else in <see cref="TrySearch"/>. It starts a
/// group again only when the writer has changed that very group meanwhile, so a writer that is stopped anywhere stops no reader.
/// </remarks>
internal static class GroupReader<TSlot>
{
    /// <summary>What a search ended with.</summary>
    public enum Outcome
    {
        /// <summary>The key is not in the segment.</summary>
        Absent,

        /// <summary>The entry was copied out.</summary>
        Found,

        /// <summary>Every group that may hold the key has been passed over: it may lie in the index's overflow.</summary>
        Exhausted,
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Outcome TryFind<TMatch>(Group<TSlot>[] groups, TMatch match, ulong hash, out TSlot found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        int home = HashBits.Group(HashBits.Position(hash), groups.Length);
        ref Group<TSlot> group = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(groups), home);
        uint version = Volatile.Read(ref group.Version);
        ulong candidates = HashBits.Candidates(Volatile.Read(ref group.Tags), HashBits.Tag(hash));
        if (candidates != 0)
        {
            int i = BitOperations.TrailingZeroCount(candidates) >> 3;
            ref TSlot slot = ref Unsafe.Add(ref group.Slots.First, i);
            if (match.Matches(ref slot))
            {
                found = slot;
                node = group.Noted == 0 ? null : NodeOf(ref group, i);
                Volatile.ReadBarrier();
                if (group.Version == version)
                {
                    return Outcome.Found;
                }
            }
        }
        else if (group.Passed == 0)
        {
            Unsafe.SkipInit(out found);
            node = null;
            return Outcome.Absent;
        }

        return TrySearch(groups, match, hash, out found, out node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome TrySearch<TMatch>(Group<TSlot>[] groups, TMatch match, ulong hash, out TSlot found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        int index = HashBits.Group(HashBits.Position(hash), groups.Length);
        for (int left = Math.Min(HashBits.ProbeLimit, groups.Length); left > 0; left--)
        {
            ref Group<TSlot> group = ref groups[index];
            if (TrySearchGroup(ref group, match, HashBits.Tag(hash), out found, out node))
            {
                return Outcome.Found;
            }

            if (Volatile.Read(ref group.Passed) == 0)
            {
                return Outcome.Absent;
            }

            index = (index + 1) & (groups.Length - 1);
        }

        found = default!;
        node = null;
        return Outcome.Exhausted;
    }

    private static bool TrySearchGroup<TMatch>(ref Group<TSlot> group, TMatch match, ulong tag, out TSlot found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        while (true)
        {
            uint version = Volatile.Read(ref group.Version);
            ulong candidates = HashBits.Candidates(Volatile.Read(ref group.Tags), tag);
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int i = BitOperations.TrailingZeroCount(candidates) >> 3;
                if (match.Matches(ref group.Slots[i]))
                {
                    found = group.Slots[i];
                    node = NodeOf(ref group, i);
                    Volatile.ReadBarrier();
                    if (group.Version == version)
                    {
                        return true;
                    }

                    break;
                }
            }

            Volatile.ReadBarrier();
            if (candidates == 0 && group.Version == version)
            {
                found = default!;
                node = null;
                return false;
            }
        }
    }

    private static EntryNode? NodeOf(ref Group<TSlot> group, int i) =>
        (group.Noted & (1 << i)) != 0 ? group.Nodes?[i] : null;
}
