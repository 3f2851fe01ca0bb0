using System.Runtime.CompilerServices;

namespace SuperCache.Storage;

/// <summary>An entry of an ordered set; immutable but for what its node keeps.</summary>
internal sealed class OrderedEntry(object key, ITuple record, EntryNode? node)
{
    public object Key => key;

    public ITuple Record => record;

    public EntryNode? Node => node;
}
