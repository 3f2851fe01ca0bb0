using System.Numerics;

namespace SuperCache.Storage;

/// <summary>Searches all groups of one segment that may hold a key, beside the writer, without a lock.</summary>
/// <remarks>A search starts a group again only when the writer has changed that very group meanwhile, so a writer that is stopped
/// anywhere stops no reader. The first look, at the first candidate of the home group, is in <see cref="RecordIndex{TSlot}"/>.</remarks>
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

    /// <remarks>A key is compared in the copy, once that is known to be whole: an equality that belongs to the caller must not
    /// meet half an entry.</remarks>
    private static bool TrySearchGroup<TMatch>(ref Group<TSlot> group, TMatch match, ulong tag, out TSlot found, out EntryNode? node)
        where TMatch : struct, IKeyMatch<TSlot>
    {
        uint version = Volatile.Read(ref group.Version);
        ulong candidates = HashBits.Candidates(Volatile.Read(ref group.Tags), tag);
        while (candidates != 0)
        {
            int i = BitOperations.TrailingZeroCount(candidates) >> 3;
            found = group.Slots[i];
            node = NodeOf(ref group, i);
            Volatile.ReadBarrier();
            if (group.Version != version)
            {
                version = Volatile.Read(ref group.Version);
                candidates = HashBits.Candidates(Volatile.Read(ref group.Tags), tag);
            }
            else if (match.Matches(ref found))
            {
                return true;
            }
            else
            {
                candidates &= candidates - 1;
            }
        }

        found = default!;
        node = null;
        return false;
    }

    /// <summary>The node of a slot that was visible; the caller checks the version afterwards.</summary>
    public static EntryNode? NodeOf(ref Group<TSlot> group, int i) =>
        (group.Noted & (1 << i)) != 0 ? group.Nodes?[i] : null;
}
