using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Replica;

/// <summary>
/// What a replica owes a new primary: it promises the new epoch, says how advanced its copy is, and hands over what
/// the primary lacks.
/// Having promised, it takes no op of an older reign, so what it said stays true.
/// </summary>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
internal sealed class DonorRole(NodeContext context, PartitionReplica replica)
{
    /// <summary>Promises and answers a takeover's question .</summary>
    public void OnQuery(NodeId from, QueryMessage query)
    {
        if (query.Epoch < replica.Promised)
        {
            context.Outbox.Send(from, new NackMessage(replica.Id, replica.Promised));
            return;
        }

        if (!context.Options.Breaks(PlantedBug.NoPromiseOnQuery))
        {
            replica.Promise(query.Epoch);
        }

        if (context.Options.Breaks(PlantedBug.ShadowAnswers) && replica.Receiver.Shadow is { } shadow)
        {
            replica.ReplaceCopy(shadow.Copy);
        }

        PartitionCopy? copy = replica.Copy;
        context.Outbox.Send(from, new QueryReplyMessage(
            replica.Id,
            query.Epoch,
            copy?.Last ?? Stamp.Zero,
            copy is not null,
            replica.LastUnrepaired?.Epoch ?? default,
            [.. replica.LastUnrepaired?.Holders ?? []]));
    }

    /// <summary>Hands over what follows the new primary's log, or a snapshot when that log is not a prefix of this
    /// one.</summary>
    public void OnPull(NodeId from, PullMessage pull)
    {
        if (pull.Epoch < replica.Promised)
        {
            context.Outbox.Send(from, new NackMessage(replica.Id, replica.Promised));
            return;
        }

        if (!context.Options.Breaks(PlantedBug.NoPromiseOnQuery))
        {
            replica.Promise(pull.Epoch);
        }

        if (replica.Copy is not { } copy)
        {
            return;
        }

        if (!pull.Full && copy.Log.StampAt(pull.Last.Sequence) == pull.Last)
        {
            LogEntry[] entries = copy.Log.Read(pull.Last.Sequence.Next, context.Options.Limits.BatchBytes);
            context.Outbox.Send(from, new PullReplyMessage(replica.Id, pull.Epoch, pull.Last, entries));
        }
        else
        {
            replica.Snapshots.TryStart(from, copy);
        }
    }
}
