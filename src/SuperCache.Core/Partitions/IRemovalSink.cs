using System.Runtime.CompilerServices;
using SuperCache.Storage;

namespace SuperCache.Partitions;

/// <summary>Takes note of records that expired or were evicted.</summary>
internal interface IRemovalSink
{
    /// <summary>Whether anybody wants to know; where nobody does, no record is made up for it.</summary>
    bool HasListeners { get; }

    /// <summary>Called under the partition's gate; never waits.</summary>
    void Add(ITuple record, RemovalReason reason);

    /// <summary>An entry could not be removed because its key threw when it was compared. Under the partition's
    /// gate.</summary>
    void OnFailed(Exception error);
}
