using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Primary;

/// <summary>
/// Streams a reign's ops to its followers: batches, a bounded window, sending again with growing patience, heartbeats
/// that reveal a lost
/// tail (rules ), snapshots for those who are too far behind.
/// </summary>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
/// <param name="reign">The reign.</param>
internal sealed class Replicator(NodeContext context, PartitionReplica replica, Reign reign)
{
    private readonly SortedDictionary<NodeId, FollowerProgress> _followers = [];

    /// <summary>Voters other than this node, and learners.</summary>
    public SortedDictionary<NodeId, FollowerProgress>.ValueCollection Followers => _followers.Values;

    private ClusterTimings Timings => context.Options.Timings;

    /// <summary>What is known of a follower; null when it is none.</summary>
    public FollowerProgress? Find(NodeId node) => _followers.GetValueOrDefault(node);

    /// <summary>Begins to stream to a node after the end of the log.</summary>
    public FollowerProgress Add(NodeId node)
    {
        if (!_followers.TryGetValue(node, out FollowerProgress? follower))
        {
            Sequence last = replica.Copy!.Last.Sequence;
            follower = new FollowerProgress
            {
                Node = node,
                Next = last.Next,
                Acked = last,
                ResendDelay = Timings.Resend,
                Windows = context.Windows,
            };
            _followers[node] = follower;
        }

        return follower;
    }

    /// <summary>Stops streaming to a node.</summary>
    public void Remove(NodeId node)
    {
        if (_followers.Remove(node, out FollowerProgress? follower))
        {
            follower.Release();
        }
    }

    /// <summary>The reign is over.</summary>
    public void End()
    {
        foreach (FollowerProgress follower in _followers.Values)
        {
            follower.Release();
        }
    }

    /// <summary>Sends what each follower lacks.</summary>
    public void Pump()
    {
        foreach (FollowerProgress follower in _followers.Values)
        {
            Pump(follower);
        }
    }

    /// <summary>Sends again, beats, and tells commit points that wait.</summary>
    public void Tick(long now)
    {
        foreach (FollowerProgress follower in _followers.Values)
        {
            if (follower.Acked.Next < follower.Next && now - follower.LastSent >= follower.ResendDelay)
            {
                follower.Rewind(follower.Acked);
                follower.ResendDelay = Math.Min(follower.ResendDelay * 2, Timings.ResendMax);
            }

            Pump(follower);
            bool isQuiet = now - follower.LastSent >= Timings.Heartbeat;
            bool lacksConfirmation = follower.Round < reign.Round && now - follower.LastSent >= follower.ResendDelay;
            if (isQuiet || lacksConfirmation || follower.OwesCommit)
            {
                Send(follower, replica.Copy!.Last, []);
            }
        }
    }

    /// <summary>Continues where a follower says it is, or begins a snapshot when that is not in the log.</summary>
    public void OnFetch(FollowerProgress follower, FetchMessage message)
    {
        PartitionCopy copy = replica.Copy!;
        if (!message.Full && copy.Log.StampAt(message.Last.Sequence) == message.Last)
        {
            follower.Rewind(message.Last.Sequence);
            Pump(follower);
        }
        else
        {
            BeginSnapshot(follower);
        }
    }

    private void Pump(FollowerProgress follower)
    {
        PartitionCopy copy = replica.Copy!;
        ClusterLimits limits = context.Options.Limits;
        while (follower.Next <= copy.Last.Sequence
            && MaySend(follower)
            && follower.Next - follower.Acked <= limits.InFlightOps)
        {
            if (copy.Log.StampAt(follower.Next.Previous) is not { } previous)
            {
                BeginSnapshot(follower);
                return;
            }

            LogEntry[] batch = copy.Log.Read(follower.Next, limits.BatchBytes);
            Send(follower, previous, batch);
            follower.OnSent(batch[^1].Stamp.Sequence, batch.Sum(e => (long)e.Size));
        }
    }

    /// <summary>
    /// Within the window of its node, and one batch always, so that no partition waits for another's follower. Whoever
    /// does not acknowledge gets one batch at a time.
    /// </summary>
    private bool MaySend(FollowerProgress follower) => follower.IsIdle
        || (follower.ResendDelay <= Timings.Resend
            && context.Windows[follower.Node] < Math.Min(context.Options.Limits.WindowBytes, follower.Credit));

    private void Send(FollowerProgress follower, Stamp previous, LogEntry[] entries)
    {
        PartitionCopy copy = replica.Copy!;
        follower.LastSent = context.Now;
        follower.OwesCommit = false;
        context.Outbox.Send(follower.Node, new AppendMessage(
            replica.Id, reign.Epoch, previous, reign.KnownCommit, copy.Last.Sequence, reign.Round, entries));
    }

    private void BeginSnapshot(FollowerProgress follower)
    {
        if (replica.Snapshots.TryStart(follower.Node, replica.Copy!) is { } sender)
        {
            follower.Rewind(sender.Start.Sequence);
        }
    }
}
