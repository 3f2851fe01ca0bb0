using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.TestKit.Simulation;

/// <summary>How a simulated client's operation ended.</summary>
internal enum ClientOpEnd
{
    Open,
    Ok,
    Unavailable,
    Busy,
    Indeterminate,

    /// <summary>Larger than what is taken.</summary>
    Refused,

    /// <summary>The process of the caller ended before the operation did.</summary>
    Lost,
}

/// <summary>One operation of a simulated client: what was asked, what had to hold, and how it ended.</summary>
internal sealed class ClientOp : IRequestCompletion
{
    public required ClientLoad Load { get; init; }

    public required int Slot { get; init; }

    public required NodeId Origin { get; init; }

    public required int Partition { get; init; }

    public required byte[] Operation { get; init; }

    public required bool IsWrite { get; init; }

    public required ReadMode Mode { get; init; }

    public required ulong Lineage { get; init; }

    /// <summary>For reads of the primary and quorums: everything acknowledged before it began.</summary>
    public Stamp Floor { get; set; }

    /// <summary>For local reads: everything this process acknowledged or showed before it began.</summary>
    public Stamp LocalFloor { get; set; }

    public int UnsafeBefore { get; set; }

    /// <summary>Whether it was answered by a reign that another, which could not know of all, has superseded without
    /// its being told.</summary>
    public bool MayBeLost { get; set; }

    public long RequestId { get; set; }

    public ClientOpEnd End { get; set; }

    public Stamp Position { get; set; }

    public byte[] Result { get; set; } = [];

    public void OnCompleted(long requestId, in RequestOutcome outcome)
    {
        RequestId = requestId;
        (Position, Result) = (outcome.Position, outcome.Result);
        End = outcome.Status switch
        {
            RequestStatus.Ok => ClientOpEnd.Ok,
            RequestStatus.Unavailable => ClientOpEnd.Unavailable,
            RequestStatus.Busy => ClientOpEnd.Busy,
            RequestStatus.TooLarge => ClientOpEnd.Refused,
            _ => ClientOpEnd.Indeterminate,
        };
        Load.OnEnded(this);
    }

    public override string ToString()
    {
        (SimulatedOp op, int table, int key, _) = SimulatedState.Decode(Operation);
        string mode = IsWrite ? "" : $" {Mode}";
        return $"{op}{mode} t{table} k{key} of p{Partition} by slot {Slot} {Origin}#{RequestId}: {End} at {Position}";
    }
}
