using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Primary;
using SuperCache.Wire;

namespace SuperCache.Replication.Replica;

/// <summary>
/// The receiving end of a partition: takes the primary's ops and snapshots, and says how far its copy is known to be
/// equal.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>An op is taken only from a reign that is not fenced, and only after the op it follows .</item>
/// <item>An acknowledgement says "equal up to here", never "received": two logs that share a stamp share everything
/// before it.</item>
/// <item>A copy that does not match stays as it is, and keeps answering queries, until the snapshot that replaces it
/// is complete.</item>
/// <item>Only a complete copy on a node with a lease acknowledges in a way that counts (R-3, I9).</item>
/// </list>
/// </remarks>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
internal sealed class ReplicaReceiver(NodeContext context, PartitionReplica replica)
{
    private const int FetchInterval = 50;

    private long _nextFetch;
    private bool _wantsSnapshot;

    /// <summary>The copy being received; null when none is.</summary>
    public ShadowCopy? Shadow { get; private set; }

    /// <summary>A received copy that is complete and does not reach as far yet as what the old one knows to be
    /// committed; null when there is none. Only a reign that recovers holds one back: it pulls the rest into
    /// it.</summary>
    public PartitionCopy? Held =>
        replica.Reign is not null && Shadow is { IsReceiving: false } shadow ? shadow.Copy : null;

    /// <summary>When the primary of the promised epoch was last heard.</summary>
    public long LastHeard { get; private set; } = long.MinValue / 2;

    /// <summary>The last place that the primary is known to have come to.</summary>
    public Sequence PrimaryLast { get; private set; }

    /// <summary>The epoch it was heard in.</summary>
    public Epoch HeardIn { get; private set; }

    /// <summary>Takes a primary's ops, or its heartbeat.</summary>
    public void OnAppend(NodeId from, AppendMessage message)
    {
        if (!Admit(from, message))
        {
            return;
        }

        (LastHeard, HeardIn, PrimaryLast) = (context.Now, message.Epoch, message.Last);
        if (Shadow is { } stale && stale.Source != from)
        {
            DropShadow();
        }

        if (replica.Copy is not { } copy)
        {
            FeedShadow(from, message);
            return;
        }

        switch (copy.Accept(message.Previous, message.Entries, out Sequence matched))
        {
            case AppendResult.Matched:
                copy.AdvanceCommit(Sequence.Min(message.Commit, matched));
                _wantsSnapshot = false;
                DropShadow();
                Acknowledge(from, message, matched);
                break;
            case AppendResult.Gap when Shadow is null:
                Fetch(from, message.Epoch, copy.Last, full: false);
                break;
            default:
                FeedShadow(from, message);
                break;
        }
    }

    /// <summary>Takes a bucket of a snapshot.</summary>
    public void OnChunk(NodeId from, ChunkMessage chunk)
    {
        bool isOwnReign = replica.Reign is { } reign && reign.Epoch == chunk.Epoch;
        if (chunk.Epoch < replica.Promised)
        {
            context.Outbox.Send(from, new NackMessage(replica.Id, replica.Promised));
            return;
        }

        replica.Promise(chunk.Epoch);
        if (!isOwnReign)
        {
            (LastHeard, HeardIn) = (context.Now, chunk.Epoch);
        }
        else if (replica.Reign!.Recovery?.Source != from)
        {
            // What a donor sends after the recovery has given it up, or has ended, must not touch the copy of a reign.
            return;
        }

        if (Shadow is { } current && (current.Source != from || current.Session < chunk.Session))
        {
            DropShadow();
        }

        if (Shadow is null && !TryBeginShadow(from, chunk))
        {
            return;
        }

        if (Shadow!.Session == chunk.Session)
        {
            if (Shadow.Add(chunk, context.Now))
            {
                context.Outbox.Send(from, new ChunkAckMessage(replica.Id, chunk.Epoch, chunk.Session, chunk.Bucket));
                AdoptShadowIfReady(from);
            }
        }
    }

    /// <summary>A takeover asks for a snapshot: chunks are welcome.</summary>
    public void ExpectSnapshot() => _wantsSnapshot = true;

    /// <summary>Lets time pass: a snapshot that gets no chunk is given up.</summary>
    public void Tick(long now)
    {
        Shadow?.Copy.Trim(new Sequence(long.MaxValue), context.LogBytes);
        if (Shadow is { IsReceiving: true } shadow && now - shadow.LastChunkAt > context.Options.Timings.ShadowPatience)
        {
            DropShadow();
        }
    }

    /// <summary>Gives up the copy being received.</summary>
    public void DropShadow()
    {
        if (Shadow is not null)
        {
            Shadow = null;
            context.Slots.Receiving--;
        }
    }

    private bool Admit(NodeId from, AppendMessage message)
    {
        if (!replica.Promise(message.Epoch))
        {
            context.Outbox.Send(from, context.Options.Breaks(PlantedBug.NoFencing)
                ? new AckMessage(replica.Id, message.Epoch, message.Last, message.Round, Complete: true)
                : new NackMessage(replica.Id, replica.Promised));
            return false;
        }

        return replica.Reign is null;
    }

    private bool TryBeginShadow(NodeId from, ChunkMessage chunk)
    {
        bool isWanted = replica.Copy is null || _wantsSnapshot;
        if (!isWanted || context.Slots.Receiving >= context.Options.Limits.Snapshots)
        {
            return false;
        }

        context.Slots.Receiving++;
        Shadow = new ShadowCopy(context.Options, context.States.Create(replica.Id), from, chunk, context.Now);
        return true;
    }

    private void FeedShadow(NodeId from, AppendMessage message)
    {
        if (Shadow is not { } shadow)
        {
            if (context.Slots.Receiving < context.Options.Limits.Snapshots)
            {
                Fetch(from, message.Epoch, replica.Copy?.Last ?? Stamp.Zero, full: true);
            }

            return;
        }

        switch (shadow.Copy.Accept(message.Previous, message.Entries, out Sequence matched))
        {
            case AppendResult.Matched:
                shadow.Copy.AdvanceCommit(Sequence.Min(message.Commit, matched));
                context.Outbox.Send(
                    from, new AckMessage(
                        replica.Id, message.Epoch, matched, message.Round, Complete: false, context.Credit));
                AdoptShadowIfReady(from);
                break;
            case AppendResult.Gap:
                Fetch(from, message.Epoch, shadow.Copy.Last, full: false);
                break;
            default:
                DropShadow();
                Fetch(from, message.Epoch, replica.Copy?.Last ?? Stamp.Zero, full: true);
                break;
        }
    }

    /// <summary>
    /// Puts the shadow in the copy's place once it is complete. The copy must never go back behind what this node has
    /// shown. Under a primary the shadow must therefore hold an op of the current reign, whose first op follows
    /// everything that was ever acknowledged; under a reign of this node's own it must reach the old copy's commit
    /// point, or else all there is to adopt.
    /// </summary>
    public void AdoptShadowIfReady(NodeId from)
    {
        if (Shadow is not { IsReceiving: false } shadow)
        {
            return;
        }

        Reign? own = replica.Reign;
        bool isBehind = own is null
            ? shadow.Copy.Last.Epoch != replica.Promised
            : shadow.Copy.Last.Sequence < replica.Copy?.Commit && shadow.Copy.Last != own.Recovery!.Goal;
        if (isBehind)
        {
            own?.Recovery!.OnHeld();
            return;
        }

        DropShadow();
        _wantsSnapshot = false;
        replica.ReplaceCopy(shadow.Copy);
        if (own is null && context.CanServe)
        {
            context.Outbox.Send(
                from, new AckMessage(
                    replica.Id, replica.Promised, shadow.Copy.Last.Sequence, Round: 0, Complete: true, context.Credit));
        }
    }

    /// <summary>Says how far the copy is equal. Without a lease that is news to the primary, but counts for nothing
    /// .</summary>
    private void Acknowledge(NodeId from, AppendMessage message, Sequence matched) => context.Outbox.Send(
        from, new AckMessage(
            replica.Id, message.Epoch, matched, message.Round, Complete: context.CanServe, context.Credit));

    private void Fetch(NodeId from, Epoch epoch, Stamp last, bool full)
    {
        if (context.Now < _nextFetch)
        {
            return;
        }

        _nextFetch = context.Now + FetchInterval;
        _wantsSnapshot = true;
        context.Outbox.Send(from, new FetchMessage(replica.Id, epoch, last, full));
    }
}
