using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Replica;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>How a copy took a run of ops.</summary>
internal enum AppendResult
{
    /// <summary>The log now equals the primary's up to the run's end.</summary>
    Matched,

    /// <summary>Ops in between are missing.</summary>
    Gap,

    /// <summary>The log holds other ops than the primary's.</summary>
    Diverged,
}

/// <summary>
/// One copy of a partition: its storage, its op log, the requests it remembers, and how far it is.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>applied ≤ last; in strong mode applied ≤ commit, in the other modes applied = last.</item>
/// <item>commit ≤ last, and never goes back while the log stays.</item>
/// <item>An op above the commit point is in the log: trimming stops below it, except in async mode beyond the log's
/// hard bound.</item>
/// <item>Everything that changes the storage passes <see cref="ApplyNext"/>, at the primary as at a replica.</item>
/// </list>
/// </remarks>
internal sealed class PartitionCopy
{
    private readonly ClusterOptions _options;
    private readonly bool _defersApply;
    private readonly ShadowCopy? _gate;

    /// <summary>Creates a copy that continues after a position.</summary>
    /// <param name="options">Mode and limits.</param>
    /// <param name="state">Empty storage, or storage that is at the position.</param>
    /// <param name="start">The position.</param>
    /// <param name="gate">Decides which effects apply while the copy is still being received; null once it is
    /// complete.</param>
    public PartitionCopy(ClusterOptions options, IPartitionState state, Stamp start, ShadowCopy? gate = null)
    {
        _options = options;
        _defersApply = options.Fingerprint.ReplicationMode == ReplicationMode.Strong
            && !options.Breaks(PlantedBug.ApplyEarly);
        _gate = gate;
        State = state;
        Log = new OpLog(start);
        Applied = start;
        Commit = _defersApply ? start.Sequence : default;
        Recent = new RecentRequests(
            options.Limits.RecentRequests, options.Limits.RecentRequestBytes, options.Limits.RememberedOrigins);
    }

    /// <summary>The storage, at <see cref="Applied"/>.</summary>
    public IPartitionState State { get; }

    /// <summary>The recent ops.</summary>
    public OpLog Log { get; }

    /// <summary>The requests executed lately, at <see cref="Last"/>.</summary>
    public RecentRequests Recent { get; }

    /// <summary>The last op applied.</summary>
    public Stamp Applied { get; private set; }

    /// <summary>The last place known to be committed.</summary>
    public Sequence Commit { get; private set; }

    /// <summary>The last op held.</summary>
    public Stamp Last => Log.Last;

    /// <summary>Adds an op and applies it unless the mode defers that.</summary>
    public void Append(LogEntry entry)
    {
        Log.Append(entry);
        Recent.Add(entry);
        if (!_defersApply)
        {
            ApplyNext(entry.Stamp.Sequence);
        }
    }

    /// <summary>Takes a run of a primary's ops that follow <paramref name="previous"/>.</summary>
    /// <param name="previous">What the run follows in the primary's log.</param>
    /// <param name="entries">Contiguous.</param>
    /// <param name="matched">The last place known to be equal to the primary's.</param>
    public AppendResult Accept(Stamp previous, LogEntry[] entries, out Sequence matched)
    {
        matched = default;
        if (Log.StampAt(previous.Sequence) is not { } at)
        {
            if (!_options.Breaks(PlantedBug.NoGapCheck) || previous.Sequence <= Last.Sequence)
            {
                return AppendResult.Gap;
            }

            Log.JumpTo(at = previous);
        }

        if (at != previous)
        {
            return AppendResult.Diverged;
        }

        matched = previous.Sequence;
        foreach (LogEntry entry in entries)
        {
            if (entry.Stamp.Sequence != matched.Next)
            {
                return AppendResult.Gap;
            }

            if (entry.Stamp.Sequence > Last.Sequence)
            {
                Append(entry);
            }
            else if (Log.StampAt(entry.Stamp.Sequence) != entry.Stamp)
            {
                return AppendResult.Diverged;
            }

            matched = entry.Stamp.Sequence;
        }

        return AppendResult.Matched;
    }

    /// <summary>Learns that everything up to a place is committed.</summary>
    public void AdvanceCommit(Sequence sequence)
    {
        Commit = Sequence.Max(Commit, Sequence.Min(sequence, Last.Sequence));
        if (_defersApply)
        {
            ApplyNext(Commit);
        }
    }

    /// <summary>Learns what the copy whose place it takes knew to be committed, as far as both hold the same ops: after
    /// an unsafe recovery the old one may be of a history that was given up, whose places say nothing of
    /// these.</summary>
    public void LearnCommit(PartitionCopy old)
    {
        Sequence known = Sequence.Min(old.Commit, Last.Sequence);
        if (known <= Log.Base.Sequence || (Log.StampAt(known) is { } own && own == old.Log.StampAt(known)))
        {
            AdvanceCommit(known);
        }
    }

    /// <summary>Drops ops that nobody needs (rule R-14).</summary>
    /// <param name="pinned">The last place that a snapshot under way does not need any more.</param>
    /// <param name="mostBytes">How many bytes the log may hold although somebody needs them.</param>
    public void Trim(Sequence pinned, long mostBytes)
    {
        ClusterLimits limits = _options.Limits;
        if (_options.Breaks(PlantedBug.TrimUncommitted))
        {
            while (Log.Count > 1)
            {
                Log.DropOldest();
            }
        }

        Sequence settled = Sequence.Min(Commit, Applied.Sequence);
        Sequence unneeded = Sequence.Min(settled, pinned);
        while ((Log.Count > limits.RetainedOps || Log.Bytes > limits.RetainedBytes) && Log.Base.Sequence < unneeded)
        {
            Log.DropOldest();
        }

        Sequence last = _options.Fingerprint.ReplicationMode == ReplicationMode.Async ? Applied.Sequence : settled;
        while ((Log.Count > limits.LogOps || Log.Bytes > mostBytes) && Log.Base.Sequence < last)
        {
            Log.DropOldest();
        }
    }

    private void ApplyNext(Sequence upTo)
    {
        while (Applied.Sequence < upTo)
        {
            LogEntry entry = Log[Applied.Sequence.Next];
            foreach (ref readonly Effect effect in entry.Effects.AsSpan())
            {
                if (_gate is { IsReceiving: true })
                {
                    _gate.Apply(entry.Stamp.Sequence, effect);
                }
                else
                {
                    State.Apply(effect);
                }
            }

            Applied = entry.Stamp;
        }
    }
}
