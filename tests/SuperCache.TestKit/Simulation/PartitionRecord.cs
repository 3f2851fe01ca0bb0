using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>What the checkers know of one partition in one lineage.</summary>
internal sealed class PartitionRecord
{
    /// <summary>Every op that any node reported committed, by sequence.</summary>
    public SortedDictionary<long, LogEntry> Committed { get; } = [];

    /// <summary>The latest reign that began without enough copies; what was acknowledged before it is excused.</summary>
    public Epoch UnsafeEpoch { get; private set; }

    public int UnsafeCount { get; private set; }

    /// <summary>The most advanced position acknowledged to any client.</summary>
    public Stamp AckedFloor { get; set; }

    /// <summary>The most advanced position shown by a read of the primary or a quorum.</summary>
    public Stamp ReadFloor { get; set; }

    public void OnUnsafeRecovery(Epoch epoch)
    {
        Committed.Clear();
        UnsafeEpoch = epoch;
        UnsafeCount++;
        (AckedFloor, ReadFloor) = (Stamp.Zero, Stamp.Zero);
    }
}
