using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>An operation that has reached a partition's node, from here or from another node.</summary>
/// <param name="Origin">The node whose caller asks.</param>
/// <param name="RequestId">Its number there; equal for each attempt.</param>
/// <param name="Attempt">Which attempt this is.</param>
/// <param name="IsWrite">Whether it may change something.</param>
/// <param name="ConflictKey">Which pending ops it must wait for in strong mode; 0 for all.</param>
/// <param name="Operation">Opaque to the protocol.</param>
internal sealed record PartitionRequest(
    NodeId Origin, long RequestId, int Attempt, bool IsWrite, ulong ConflictKey, byte[] Operation)
{
    /// <summary>Whether the origin can be told anything; a request of this node's own upkeep has nobody to
    /// tell.</summary>
    public bool HasCaller => RequestId != 0;

    /// <summary>Answers the origin.</summary>
    public void Respond(
        NodeContext context, PartitionId partition, Epoch epoch, ResponseStatus status, Stamp position, byte[] result)
    {
        if (!HasCaller)
        {
            return;
        }

        if (result.Length > context.Options.Limits.OpBytes)
        {
            (status, position, result) = (ResponseStatus.TooLarge, Stamp.Zero, []);
        }

        var response = new ResponseMessage(partition, epoch, RequestId, Attempt, status, position, result);
        if (Origin == context.Self)
        {
            context.Router.OnResponse(response);
        }
        else
        {
            context.Outbox.Send(Origin, response);
        }
    }
}
