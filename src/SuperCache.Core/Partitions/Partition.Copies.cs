using SuperCache.Storage;

namespace SuperCache.Partitions;

/// <content>What a partition does as one of several copies: it gives nothing up by itself. The primary asks what is due
/// or to go, and every copy, its own too, is told what has left.</content>
internal sealed partial class Partition
{
    /// <summary>Reused while entries are looked up. Under the gate.</summary>
    private readonly List<StoredEntry> _found = [];

    /// <summary>Whether the entries count against the size limit of this node.</summary>
    public bool IsCounted
    {
        set
        {
            using (Enter())
            {
                keeper.IsCounted = value;
            }
        }
    }

    /// <summary>Takes entries whose time has come out of their wait; they are still stored.</summary>
    public void TakeDue(int limit, List<EntryNode> into)
    {
        using (Enter())
        {
            keeper.TakeDue(limit, into);
        }
    }

    /// <summary>Takes the entry that is to go next out of its queue; it is still stored. Null when none can
    /// go.</summary>
    /// <param name="sparesLast">Whether the only one is kept.</param>
    public EntryNode? TakeVictim(bool sparesLast)
    {
        using (Enter())
        {
            return sparesLast && !keeper.HasSeveral ? null : keeper.TakeVictim();
        }
    }

    /// <summary>Takes back an entry that was taken and has not left.</summary>
    public void Return(EntryNode node)
    {
        using (Enter())
        {
            keeper.Return(node);
        }
    }

    /// <summary>While there is room, keeps the eviction queues in order.</summary>
    public void Settle()
    {
        using (Enter())
        {
            if (keeper.Weighs)
            {
                keeper.Settle();
            }
        }
    }

    /// <summary>Deletes some of the records of a key.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="places">Their places among the key's entries, ascending.</param>
    public void DeleteSome<TKey>(TableId table, TKey key, ulong hash, ReadOnlySpan<int> places)
    {
        using (Enter())
        {
            Deleted(_tables[(int)table]?.RemoveSome(key, hash, places) ?? 0);
        }
    }

    /// <summary>Removes entries that the primary found expired or evicted.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="places">Their places among the key's entries, ascending; empty for all of them.</param>
    /// <param name="reason">Why.</param>
    /// <param name="tells">Whether this node's listeners are told.</param>
    /// <returns>How many.</returns>
    public int Forget<TKey>(
        TableId table, TKey key, ulong hash, ReadOnlySpan<int> places, RemovalReason reason, bool tells)
    {
        using (Enter())
        {
            if (_tables[(int)table] is not { } target)
            {
                return 0;
            }

            _found.Clear();
            target.CollectEntries(key, hash, _found);
            bool allHaveNodes = true;
            int count = 0;
            for (int i = 0; i < _found.Count; i++)
            {
                count += IsChosen(places, i) ? 1 : 0;
                allHaveNodes &= !IsChosen(places, i) || _found[i].Node is not null;
            }

            if (!allHaveNodes)
            {
                // A copy on a node without a size limit of its own keeps no node of an entry that does not expire.
                _ = places.IsEmpty ? target.Remove(key, hash) : target.RemoveSome(key, hash, places);
            }

            for (int i = 0; allHaveNodes && i < _found.Count; i++)
            {
                if (IsChosen(places, i))
                {
                    Drop(_found[i].Node, reason, tells);
                }
            }

            _found.Clear();
            return count;
        }

        static bool IsChosen(ReadOnlySpan<int> places, int place) => places.IsEmpty || places.Contains(place);
    }

    /// <summary>Moves the deadline of an entry forward to where the primary has it.</summary>
    public void Extend<TKey>(TableId table, TKey key, ulong hash, int place, long deadline)
    {
        using (Enter())
        {
            _found.Clear();
            _tables[(int)table]?.CollectEntries(key, hash, _found);
            if (place < _found.Count)
            {
                _found[place].Node?.Extend(deadline);
            }

            _found.Clear();
        }
    }

    /// <summary>Adds a key's entries, expired ones included, to a list.</summary>
    public void CollectEntries<TKey>(TableId table, TKey key, ulong hash, List<StoredEntry> into) =>
        Find(table)?.CollectEntries(key, hash, into);
}
