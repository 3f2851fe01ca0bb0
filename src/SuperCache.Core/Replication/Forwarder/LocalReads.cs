using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.Replication.Forwarder;

/// <summary>
/// Answers local reads from this node's copy, when that is allowed: the copy counts, is fresh enough, and is not
/// behind what this node
/// has acknowledged to its callers or shown them. Otherwise the read goes to the primary: never is "nothing" answered
/// from nothing.
/// </summary>
/// <remarks>Read-your-writes holds for every caller of the node and needs no clock: positions are compared, not
/// times.</remarks>
/// <param name="context">The node.</param>
/// <param name="replicas">Its partitions.</param>
internal sealed class LocalReads(NodeContext context, PartitionReplica[] replicas)
{
    private readonly Stamp[] _watermarks = new Stamp[replicas.Length];

    /// <summary>Answers if this node's copy may.</summary>
    public bool TryAnswer(in ClientRequest request, out RequestOutcome outcome)
    {
        PartitionReplica replica = replicas[request.Partition.Value];
        outcome = default;
        if (replica.Copy is not { } copy || AllowedUntil(replica) <= context.Now)
        {
            return false;
        }

        ref Stamp watermark = ref _watermarks[request.Partition.Value];
        watermark = Stamp.Max(watermark, copy.Applied);
        outcome = new RequestOutcome(RequestStatus.Ok, copy.Applied, copy.State.Answer(request.Operation));
        return true;
    }

    /// <summary>A caller was acknowledged a write, or shown what a local read found at the primary.</summary>
    public void OnShown(in ClientRequest request, Stamp position)
    {
        if (request.IsWrite || request.Mode == ReadMode.Local)
        {
            Raise(replicas[request.Partition.Value], position);
        }
    }

    /// <summary>Callers may have been shown what a copy held.</summary>
    /// <returns>Whether that is news.</returns>
    public bool OnShown(PartitionReplica replica, Stamp position) => Raise(replica, position);

    /// <summary>Forgets everything: the data is void.</summary>
    public void Reset() => Array.Clear(_watermarks);

    /// <summary>Until when the node's copy may answer, as things stand; in the past when it may not. A node that has
    /// lost the backplane cannot ask others: its copies answer however old they are, if they counted when the partition
    /// was last activated. A takeover may name a node whose copy had been given up before: nobody has compared it.
    /// </summary>
    public long AllowedUntil(PartitionReplica replica)
    {
        if (replica.Copy is not { } copy
            || replica.Placement is not { } placement
            || !placement.Voters.Contains(context.Self)
            || (copy.Applied < _watermarks[replica.Id.Value] && !context.Options.Breaks(PlantedBug.NoWatermark)))
        {
            return long.MinValue;
        }

        if (context.Loopback.IsSuspect)
        {
            return placement.ActiveVoters.Contains(context.Self)
                ? context.Now + context.Options.Timings.Ping
                : long.MinValue;
        }

        if (replica.Reign is { } reign)
        {
            return reign.FreshUntil(context.Now);
        }

        return replica.Receiver.HeardIn == replica.Promised
            ? replica.Receiver.LastHeard + context.Options.Timings.MaxStaleness
            : long.MinValue;
    }

    private bool Raise(PartitionReplica replica, Stamp position)
    {
        ref Stamp watermark = ref _watermarks[replica.Id.Value];
        if (position <= watermark)
        {
            return false;
        }

        watermark = position;
        replica.Stir();
        return true;
    }
}
