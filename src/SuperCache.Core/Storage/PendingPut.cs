using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>A checked record on its way into a partition.</summary>
internal readonly struct PendingPut<TRecord>(TRecord record, ulong hash, EntryNode? node)
    where TRecord : ITuple
{
    public readonly TRecord Record = record;
    public readonly ulong Hash = hash;
    public readonly EntryNode? Node = node;
}
