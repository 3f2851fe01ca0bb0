using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SuperCache.Matching;

namespace SuperCache.Storage;

/// <summary>What a table needs to know of a <see cref="RecordIndex{TSlot}"/> whose records it does not name.</summary>
internal abstract class RecordIndex
{
    /// <summary>How many homes a segment has at the least.</summary>
    public const int FirstCapacity = 16;

    /// <summary>The number of entries, expired ones that are not reclaimed yet included.</summary>
    public abstract long Count { get; }

    /// <summary>Finds the record of a key; boxes it when it lies inline. Any thread.</summary>
    public abstract bool TryFindRecord<TKey>(
        TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node);

    /// <summary>The same for a key that is an object already, without the cost of a generic virtual call.</summary>
    public abstract bool TryFindRecord(
        object key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node);

    /// <summary>Shows the records that match a pattern, or all. Any thread.</summary>
    public abstract void Visit(MatchPattern? pattern, TimeProvider clock, RecordVisitor visitor);

    /// <summary>Asks a pattern about every record and returns what removes those that match and counts those that
    /// had not
    /// expired. Writer only; to be called before the next change.</summary>
    public abstract Func<int> Choose(MatchPattern pattern, TimeProvider clock, NodeKeeper keeper);

    /// <summary>Shows the segments in a lane from now on, if it is of this index's type; makes the lane when there is
    /// none. Writer only.</summary>
    /// <returns>The lane.</returns>
    public abstract Lane ShowIn(Lane? lane, LaneTerms terms, int partition);

    /// <summary>Shows the segments in no lane any more. Writer only.</summary>
    public abstract void LeaveLane();

    /// <summary>Shows readers of numbers what they are not shown yet, as so many puts would. Writer only.</summary>
    public abstract void CatchUp(int entries);

    /// <summary>How many hits the slot of a node's entry has counted; beside the writer a guess. Any thread.</summary>
    public abstract int HitsOf(EntryNode node);

    /// <summary>Counts the hits of a node's entry from 0 again. Writer only.</summary>
    public abstract void ForgetHits(EntryNode node);

    /// <summary>Removes the entry of a node and returns its record if that is wanted. Writer only.</summary>
    public abstract ITuple? RemoveNode(EntryNode node, bool wantsRecord);

    /// <summary>Removes the entry of a key. Writer only.</summary>
    public abstract bool Remove(object key, ulong hash, out EntryNode? node);

    /// <summary>Removes every entry and gives the memory back. Writer only.</summary>
    public abstract void Clear(NodeKeeper keeper);
}
