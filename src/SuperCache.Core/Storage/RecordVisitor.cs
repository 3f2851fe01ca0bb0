using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>Is shown records by <see cref="Table.Visit"/>. No lock is held meanwhile; what it throws reaches the
/// caller of the visit.</summary>
internal abstract class RecordVisitor
{
    public abstract void Visit(ITuple record);
}

/// <summary>Is shown the entries of a hash index.</summary>
internal abstract class SlotVisitor<TContent>
{
    public abstract void Visit(in TContent content, EntryNode? node);
}
