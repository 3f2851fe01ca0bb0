using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>Says which record left a cache, and why.</summary>
/// <param name="record">The record.</param>
/// <param name="reason">Why it left.</param>
public sealed class EntryRemovedEventArgs(ITuple record, EntryRemovalReason reason) : EventArgs
{
    /// <summary>The record.</summary>
    public ITuple Record => record;

    /// <summary>Why it left.</summary>
    public EntryRemovalReason Reason => reason;
}

/// <summary>Why a record left a cache without being deleted or replaced.</summary>
public enum EntryRemovalReason
{
    /// <summary>Its time was over.</summary>
    Expired = 0,

    /// <summary>Room was needed.</summary>
    Evicted = 1,
}
