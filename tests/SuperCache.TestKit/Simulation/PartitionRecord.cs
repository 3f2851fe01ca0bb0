using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>What the checkers know of one partition in one lineage.</summary>
internal sealed class PartitionRecord
{
    private readonly Dictionary<Epoch, Stamp> _excused = [];
    private readonly HashSet<Epoch> _superseding = [];
    private readonly Dictionary<Stamp, Epoch> _committedIn = [];
    private readonly Dictionary<Epoch, long> _begun = [];

    /// <summary>Every op that any node reported committed, by sequence.</summary>
    public SortedDictionary<long, LogEntry> Committed { get; } = [];

    /// <summary>Every op that was ever in any log, with the stamp it followed.</summary>
    public Dictionary<Stamp, (LogEntry Entry, Stamp Previous)> Appended { get; } = [];

    /// <summary>Ops that were committed and are lost, excusably.</summary>
    public HashSet<Stamp> Lost { get; } = [];

    /// <summary>Ops of a reign that had been given up and could not know of it: committed by its only voter on a lease
    /// that the store has forgotten, or beside a reign that the store has forgotten.</summary>
    public HashSet<Stamp> CommittedUnheard { get; } = [];

    /// <summary>The latest reign that committed without all that was committed before it.</summary>
    public Epoch UnsafeEpoch { get; private set; }

    public int UnsafeCount { get; private set; }

    /// <summary>Whether it is unknown what such a reign began with.</summary>
    public bool HasHole { get; private set; }

    /// <summary>Whether a reign has begun that may lose what is committed, once it commits itself.</summary>
    public bool MayLose => _excused.Count > 0;

    /// <summary>The most advanced position acknowledged to any client.</summary>
    public Stamp AckedFloor { get; set; }

    /// <summary>The most advanced position shown by a read of the primary or a quorum.</summary>
    public Stamp ReadFloor { get; set; }

    /// <summary>A reign begins.</summary>
    public void OnReignStarted(Epoch epoch, long now) => _begun[epoch] = now;

    /// <summary>When a reign began; before everything when it never did.</summary>
    public long BeganAt(Epoch epoch) => _begun.GetValueOrDefault(epoch, long.MinValue);

    /// <summary>Whether a reign may begin with less than is committed.</summary>
    public bool IsExcused(Epoch epoch) => _excused.ContainsKey(epoch);

    /// <summary>A reign begins that may lack committed ops; what it adopts must survive.</summary>
    public void Excuse(Epoch epoch, Stamp adopted) => _excused[epoch] = adopted;

    /// <summary>A log is about to be committed up to a stamp: what the excused reigns in it lacked is lost now, and
    /// nothing else.</summary>
    public void OnCommitting(Stamp last)
    {
        if (last.Epoch < UnsafeEpoch && IsGivenUp(last))
        {
            // A later reign has given this one up: what it finds out late changes nothing any more.
            return;
        }

        Stamp at = last;
        while (_excused.Count > 0
            && !(Committed.TryGetValue(at.Sequence.Value, out LogEntry? entry) && entry.Stamp == at)
            && Appended.TryGetValue(at, out (LogEntry Entry, Stamp Previous) appended))
        {
            if (_excused.Remove(at.Epoch, out Stamp adopted))
            {
                Supersede(at.Epoch, adopted);
            }

            at = appended.Previous;
        }
    }

    private void Supersede(Epoch epoch, Stamp adopted)
    {
        // What a history that was given up committed is known again once it has been revived and goes on.
        FillGaps();
        _superseding.Add(epoch);
        (UnsafeEpoch, UnsafeCount) = (epoch > UnsafeEpoch ? epoch : UnsafeEpoch, UnsafeCount + 1);
        AckedFloor = AckedFloor > adopted ? adopted : AckedFloor;
        ReadFloor = ReadFloor > adopted ? adopted : ReadFloor;
        Revive(adopted);
        HasHole |= !TryFindKept(adopted, out long kept);
        foreach (LogEntry entry in Committed.Values.Where(e => e.Stamp.Sequence.Value > kept).ToList())
        {
            Lost.Add(entry.Stamp);
            Committed.Remove(entry.Stamp.Sequence.Value);
        }
    }

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

    /// <summary>Remembers the reign in which an op was first said to be committed.</summary>
    public void OnCommitted(Stamp stamp, Epoch reign) => _committedIn.TryAdd(stamp, reign);

    /// <summary>What is committed and not in a log that ends with a stamp, oldest first, and the reigns that committed
    /// it.</summary>
    public List<(Stamp Stamp, Epoch CommittedIn)> MissingFrom(Stamp last)
    {
        bool isKnown = TryFindKept(last, out long kept);
        return [.. Committed.Values.Select(e => e.Stamp).Where(s => isKnown ? s.Sequence.Value > kept : s > last)
            .Select(s => (s, _committedIn.GetValueOrDefault(s, s.Epoch)))];
    }

    /// <summary>Whether a log that ends with a stamp goes on from where a reign that could not know of it went another
    /// way.</summary>
    public bool IsGivenUp(Stamp last) => _superseding.Count > 0
        && TryFindKept(last, out long kept)
        && kept < last.Sequence.Value
        && Committed.Values.Reverse().TakeWhile(e => e.Stamp.Sequence.Value > kept)
            .Any(e => _superseding.Contains(e.Stamp.Epoch));

    /// <summary>What was given up is back: it counts again, instead of what took its place.</summary>
    private void Revive(Stamp last)
    {
        List<LogEntry> revived = [];
        while (Lost.Count > 0 && Appended.TryGetValue(last, out (LogEntry Entry, Stamp Previous) appended))
        {
            if (Lost.Remove(last))
            {
                revived.Add(appended.Entry);
            }

            last = appended.Previous;
        }

        foreach (LogEntry entry in revived)
        {
            if (Committed.TryGetValue(entry.Stamp.Sequence.Value, out LogEntry? other))
            {
                Lost.Add(other.Stamp);
            }

            Committed[entry.Stamp.Sequence.Value] = entry;
        }
    }

    /// <summary>Finds the last place at which a log that ends with a stamp agrees with what is committed.</summary>
    /// <returns>False when nobody ever saw what the log holds.</returns>
    private bool TryFindKept(Stamp last, out long kept)
    {
        kept = 0;
        while (last.Sequence.Value > 0)
        {
            if (Committed.TryGetValue(last.Sequence.Value, out LogEntry? entry) && entry.Stamp == last)
            {
                kept = last.Sequence.Value;
                return true;
            }

            if (!Appended.TryGetValue(last, out (LogEntry Entry, Stamp Previous) appended))
            {
                return false;
            }

            last = appended.Previous;
        }

        return true;
    }
}
