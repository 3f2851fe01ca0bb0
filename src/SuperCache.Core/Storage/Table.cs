using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>One partition's slice of one table: the records, by key.</summary>
/// <remarks>Reading members may be called by any thread at any time, also by what a visitor calls. Members under
/// "writer" are called by
/// <see cref="Partitions.Partition"/> alone, under its gate. A table knows nothing of nodes and of order between
/// ops.</remarks>
/// <param name="keyPosition">The element that is the key.</param>
/// <param name="clock">Tells whether an entry has expired.</param>
/// <param name="keeper">Told of every node that is stored and, unless the table was asked to drop it, of every one
/// that leaves.</param>
internal abstract class Table(int keyPosition, TimeProvider clock, NodeKeeper keeper)
{
    /// <summary>The records, expired ones that are not reclaimed yet included.</summary>
    public abstract long Count { get; }

    protected int KeyPosition => keyPosition;

    protected TimeProvider Clock => clock;

    protected NodeKeeper Keeper => keeper;

    /// <summary>Copies out the record of a key, the first one in a bag.</summary>
    /// <exception cref="RecordTypeException">The record is not a <typeparamref name="TRecord"/>.</exception>
    public abstract bool TryGet<TKey, TRecord>(TKey key, ulong hash, out TRecord record)
        where TRecord : ITuple;

    /// <summary>Adds the records of a key to a list.</summary>
    /// <exception cref="RecordTypeException">A record is not a <typeparamref name="TRecord"/>.</exception>
    public abstract void Collect<TKey, TRecord>(TKey key, ulong hash, List<TRecord> into)
        where TRecord : ITuple;

    /// <summary>Shows a visitor the records that match a pattern, or all: each that is there throughout exactly
    /// once.</summary>
    public abstract void Visit(MatchPattern? pattern, RecordVisitor visitor);

    /// <summary>Adds the entries of a key to a list, expired ones included; starts no time again.</summary>
    public abstract void CollectEntries<TKey>(TKey key, ulong hash, List<StoredEntry> into);

    /// <summary>Shows a visitor a record of each key that may have any; some keys may come more than once.</summary>
    public virtual void VisitKeys(RecordVisitor visitor) => Visit(null, visitor);

    /// <summary>Writer: removes some of the records of a key and returns how many of them had not expired.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="places">0-based places among the key's entries as <see cref="CollectEntries"/> lists them,
    /// ascending; in a set all of it.</param>
    public virtual int RemoveSome<TKey>(TKey key, ulong hash, ReadOnlySpan<int> places) => Remove(key, hash);

    /// <summary>Writer: stores a record whose shape was checked.</summary>
    public abstract void Put<TRecord>(in TRecord record, ulong hash, EntryNode? node)
        where TRecord : ITuple;

    /// <summary>Writer: stores records whose shape was checked, in their order.</summary>
    /// <param name="puts">The records.</param>
    /// <param name="stored">Counts them, also up to the one whose comparison throws.</param>
    public virtual void PutBatch<TRecord>(PendingPuts<TRecord> puts, ref int stored)
        where TRecord : ITuple
    {
        for (int i = 0; i < puts.Length; i++)
        {
            Put(in puts.RecordAt(i), puts.HashAt(i), puts.NodeAt(i));
            stored++;
        }
    }

    /// <summary>Writer: shows readers of numbers what they are not shown yet, as so many puts would.</summary>
    public virtual void CatchUp(int entries)
    {
    }

    /// <summary>Writer: removes the records of a key and returns how many of them had not expired.</summary>
    public abstract int Remove<TKey>(TKey key, ulong hash);

    /// <summary>Writer: removes the records that match a pattern and returns how many there were.</summary>
    public abstract int RemoveWhere(MatchPattern pattern);

    /// <summary>Writer: removes the entry of a node, which the keeper knows already.</summary>
    /// <returns>The record if it is wanted and was there.</returns>
    public abstract ITuple? RemoveNode(EntryNode node, bool wantsRecord);

    /// <summary>Writer: removes every record.</summary>
    public abstract void Clear();

    protected object KeyOf<TRecord>(in TRecord record)
        where TRecord : ITuple => RecordLayout<TRecord>.IsInline
            ? RecordLayout<TRecord>.At(keyPosition).Box(in record)!
            : record[keyPosition]!;

    /// <summary>Whether an entry is there for somebody who only looks.</summary>
    protected bool IsThere(EntryNode? node) => node is null || node.IsThere(clock);

    /// <summary>Whether an entry is there for a reader of its key; counts the read and starts a sliding entry's time
    /// again.</summary>
    protected bool IsLive(EntryNode? node)
    {
        node?.CountHit();
        return node is null || node.IsLive(clock);
    }
}

/// <summary>A record and its bookkeeping, as they are stored.</summary>
/// <param name="Record">The record.</param>
/// <param name="Node">Null when the entry needs none.</param>
internal readonly record struct StoredEntry(ITuple Record, EntryNode? Node);
