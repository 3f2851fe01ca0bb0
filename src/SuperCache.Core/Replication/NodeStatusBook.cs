using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>How this node stands, and what it last heard from the others about themselves.</summary>
/// <param name="context">The node.</param>
/// <param name="replicas">Its partitions.</param>
internal sealed class NodeStatusBook(NodeContext context, PartitionReplica[] replicas)
{
    private readonly Dictionary<NodeId, long> _heardAt = [];
    private readonly Dictionary<NodeId, StatusReplyMessage> _answers = [];

    /// <summary>How this node stands.</summary>
    public StatusReplyMessage Own(long queryId)
    {
        (int primaries, int copies, long records, long led, long lag) = (0, 0, 0, 0, 0);
        foreach (PartitionReplica replica in replicas)
        {
            if (replica.Copy is not { } copy || replica.Placement?.Voters.Contains(context.Self) != true)
            {
                continue;
            }

            long count = copy.State.CountOf((int)TableId.Records);
            records += count;
            if (replica.Reign is { IsServing: true })
            {
                primaries++;
                led += count;
            }
            else
            {
                copies++;
                lag = Math.Max(lag, replica.Receiver.PrimaryLast - copy.Applied.Sequence);
            }
        }

        return new StatusReplyMessage(queryId, primaries, copies, records, led, lag);
    }

    /// <summary>A node's answer to a question, or a later one; null when there is none.</summary>
    public StatusReplyMessage? AnswerOf(NodeId node, long queryId) =>
        _answers.TryGetValue(node, out StatusReplyMessage? answer) && answer.QueryId >= queryId ? answer : null;

    /// <summary>When a node was last heard, in milliseconds of this node's clock; null when it never was.</summary>
    public long? HeardAt(NodeId node) => _heardAt.TryGetValue(node, out long at) ? at : null;

    /// <summary>A frame has come from a node.</summary>
    public void OnHeard(NodeId node, long now) => _heardAt[node] = now;

    /// <summary>An answer has come.</summary>
    public void OnReply(NodeId from, StatusReplyMessage reply)
    {
        if (context.IsLive(from))
        {
            _answers[from] = reply;
        }
    }

    /// <summary>Drops what is kept of nodes that are gone.</summary>
    public void Forget(Func<NodeId, bool> isLive)
    {
        foreach (NodeId gone in _heardAt.Keys.Concat(_answers.Keys).Where(n => !isLive(n)).Distinct().ToList())
        {
            _heardAt.Remove(gone);
            _answers.Remove(gone);
        }
    }
}
