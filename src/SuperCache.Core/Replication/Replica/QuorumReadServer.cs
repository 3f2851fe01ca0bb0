using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Replica;

/// <summary>
/// Answers quorum reads from this node's copy (rule R-12): only with a lease, only from a complete copy, and in strong
/// mode only once the
/// ops that were pending when the question came are decided.
/// </summary>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
internal sealed class QuorumReadServer(NodeContext context, PartitionReplica replica)
{
    private const int MaxWaiting = 256;

    private readonly List<(NodeId From, QuorumReadMessage Read, Sequence Until)> _waiting = [];

    /// <summary>Answers, now or when what is pending is decided.</summary>
    public void OnRead(NodeId from, QuorumReadMessage read)
    {
        replica.Promise(read.Epoch);
        PartitionCopy? copy = replica.Copy;
        if (copy is null || copy.Applied == copy.Last || read.Epoch < replica.Promised)
        {
            Answer(from, read);
        }
        else if (_waiting.Count < MaxWaiting)
        {
            _waiting.Add((from, read, copy.Last.Sequence));
        }
    }

    /// <summary>Answers what was waiting.</summary>
    public void Tick()
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            (NodeId from, QuorumReadMessage read, Sequence until) = _waiting[i];
            bool isDecided = replica.Copy is not { } copy
                || copy.Applied.Sequence >= until || copy.Applied == copy.Last;
            if (isDecided || read.Epoch < replica.Promised)
            {
                _waiting.RemoveAt(i);
                Answer(from, read);
            }
        }
    }

    private void Answer(NodeId from, QuorumReadMessage read)
    {
        PartitionCopy? copy = replica.Copy;
        bool counts = copy is not null && context.CanServe && replica.Placement is { PollAll: false };
        byte[] result = counts ? copy!.State.Answer(read.Operation) : [];
        counts &= result.Length <= context.Options.Limits.OpBytes;
        var reply = new QuorumReadReplyMessage(
            replica.Id,
            replica.Promised,
            read.ReadId,
            read.Attempt,
            counts,
            counts ? copy!.Applied : Stamp.Zero,
            counts ? result : []);
        if (from == context.Self)
        {
            context.Router.Quorums.OnReply(from, reply);
        }
        else
        {
            context.Outbox.Send(from, reply);
        }
    }
}
