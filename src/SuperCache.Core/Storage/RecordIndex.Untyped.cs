using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>What a table needs to know of a <see cref="RecordIndex{TSlot}"/> whose records it does not name.</summary>
internal abstract class RecordIndex
{
    /// <summary>The number of entries, expired ones that are not reclaimed yet included.</summary>
    public abstract long Count { get; }

    /// <summary>Finds the record of a key; boxes it when it lies inline. Any thread.</summary>
    public abstract bool TryFindRecord<TKey>(TKey key, ulong hash, [NotNullWhen(true)] out ITuple? record, out EntryNode? node);

    /// <summary>Removes the entry of a key. Writer only.</summary>
    public abstract bool Remove(object key, ulong hash, out EntryNode? node);

    /// <summary>Removes every entry and gives the memory back. Writer only.</summary>
    public abstract void Reset();
}
