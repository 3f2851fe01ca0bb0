using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>The snapshots one partition sends, at most one to each node.</summary>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
internal sealed class SnapshotSessions(NodeContext context, PartitionReplica replica)
{
    private readonly SortedDictionary<NodeId, SnapshotSender> _byDestination = [];
    private long _lastSession;

    /// <summary>The earliest start of a snapshot under way: the log after it is still needed.</summary>
    public Sequence Pinned
    {
        get
        {
            var pinned = new Sequence(long.MaxValue);
            foreach (SnapshotSender sender in _byDestination.Values)
            {
                pinned = Sequence.Min(pinned, sender.Start.Sequence);
            }

            return pinned;
        }
    }

    /// <summary>Begins a snapshot for a node, unless one is under way or all slots are taken.</summary>
    /// <returns>The new snapshot; null when none was begun.</returns>
    public SnapshotSender? TryStart(NodeId destination, PartitionCopy copy)
    {
        if (_byDestination.ContainsKey(destination) || context.Slots.Sending >= context.Options.Limits.Snapshots)
        {
            return null;
        }

        _lastSession = Math.Max(_lastSession + 1, context.Now);
        var sender = new SnapshotSender(context, replica, copy, destination, _lastSession);
        _byDestination[destination] = sender;
        context.Slots.Sending++;
        sender.Pump(context.Now);
        return sender;
    }

    /// <summary>Takes in a bucket's acknowledgement.</summary>
    public void OnAck(NodeId from, ChunkAckMessage message)
    {
        if (_byDestination.TryGetValue(from, out SnapshotSender? sender) && sender.Session == message.Session)
        {
            sender.OnAck(message.Bucket, context.Now);
            if (sender.IsDone)
            {
                Remove(from);
            }
        }
    }

    /// <summary>Sends again what is due; gives up what stalls, whose receiver is gone or whose copy was
    /// replaced.</summary>
    public void Tick(long now)
    {
        if (_byDestination.Count == 0)
        {
            return;
        }

        foreach ((NodeId destination, SnapshotSender sender) in _byDestination.ToList())
        {
            // Who hands its copy to a takeover cannot tell whether that node is live: its own map may be the older one.
            bool isGone = replica.Reign is not null && !context.IsLive(destination);
            if (isGone || sender.IsStalled(now) || !ReferenceEquals(sender.Copy, replica.Copy))
            {
                Remove(destination);
            }
            else
            {
                sender.Pump(now);
            }
        }
    }

    /// <summary>Gives up all.</summary>
    public void Clear()
    {
        foreach (NodeId destination in _byDestination.Keys.ToList())
        {
            Remove(destination);
        }
    }

    private void Remove(NodeId destination)
    {
        if (_byDestination.Remove(destination))
        {
            context.Slots.Sending--;
        }
    }
}
