using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>What the checkers know of one partition in one lineage.</summary>
internal sealed class PartitionRecord
{
    /// <summary>Every op that any node reported committed, by sequence.</summary>
    public SortedDictionary<long, LogEntry> Committed { get; } = [];

    /// <summary>Every op that was ever in any log, with the stamp it followed.</summary>
    public Dictionary<Stamp, (LogEntry Entry, Stamp Previous)> Appended { get; } = [];

    /// <summary>The latest reign that began without enough copies; what was acknowledged before it is
    /// excused.</summary>
    public Epoch UnsafeEpoch { get; private set; }

    public int UnsafeCount { get; private set; }

    /// <summary>The most advanced position acknowledged to any client.</summary>
    public Stamp AckedFloor { get; set; }

    /// <summary>The most advanced position shown by a read of the primary or a quorum.</summary>
    public Stamp ReadFloor { get; set; }

    /// <summary>
    /// Fills in ops that were committed by being followed by a committed one, when whoever had them was gone before it
    /// could say so.
    /// </summary>
    public void FillGaps()
    {
        foreach (LogEntry committed in Committed.Values.ToList())
        {
            Stamp stamp = committed.Stamp;
            while (Appended.TryGetValue(stamp, out (LogEntry Entry, Stamp Previous) appended)
                && appended.Previous != Stamp.Zero
                && !Committed.ContainsKey(appended.Previous.Sequence.Value)
                && Appended.TryGetValue(appended.Previous, out (LogEntry Entry, Stamp Previous) missing))
            {
                stamp = appended.Previous;
                Committed[stamp.Sequence.Value] = missing.Entry;
            }
        }
    }

    public void OnUnsafeRecovery(Epoch epoch)
    {
        Committed.Clear();
        UnsafeEpoch = epoch;
        UnsafeCount++;
        (AckedFloor, ReadFloor) = (Stamp.Zero, Stamp.Zero);
    }
}
