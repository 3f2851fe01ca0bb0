using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Forwarder;

/// <summary>
/// Takes this node's callers' requests to where they can be served, and tries again until the deadline what was not
/// executed.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>A write ends as "unavailable" or "busy" only if every attempt was refused; otherwise its outcome is open (W4,
/// W5).</item>
/// <item>All attempts of a request carry one number, so that it is executed at most once (I14).</item>
/// <item>Every request ends, at its deadline at the latest.</item>
/// </list>
/// </remarks>
/// <param name="context">The node.</param>
/// <param name="replicas">Its partitions.</param>
internal sealed class RequestRouter(NodeContext context, PartitionReplica[] replicas)
{
    private readonly Dictionary<long, PendingRequest> _pending = [];
    private readonly LocalReads _local = new(context, replicas);
    private long _lastId;

    /// <summary>Quorum reads under way.</summary>
    public QuorumReads Quorums { get; } = new(context, replicas);

    /// <summary>Reads of this node's own copies.</summary>
    public LocalReads Local => _local;

    /// <summary>Requests that have not ended.</summary>
    public int Count => _pending.Count;

    private ClusterTimings Timings => context.Options.Timings;

    /// <summary>Begins a request.</summary>
    /// <returns>Its number, which its completion carries.</returns>
    public long Begin(in ClientRequest request, IRequestCompletion completion)
    {
        long id = ++_lastId;
        bool isLocal = !request.IsWrite && request.Mode == ReadMode.Local;
        if (isLocal && _local.TryAnswer(request, out RequestOutcome outcome))
        {
            completion.OnCompleted(id, outcome);
            return id;
        }

        if (request.Operation.Length > context.Options.Limits.OpBytes)
        {
            completion.OnCompleted(id, new RequestOutcome(RequestStatus.TooLarge, Stamp.Zero, []));
            return id;
        }

        if (_pending.Count >= context.Options.Limits.OpenRequests)
        {
            completion.OnCompleted(id, new RequestOutcome(RequestStatus.Busy, Stamp.Zero, []));
            return id;
        }

        long now = context.Now;
        var pending = new PendingRequest
        {
            Id = id,
            Request = request,
            Begun = now,
            Deadline = now + (request.TimeoutMs > 0 ? request.TimeoutMs : Timings.Request),
            Completion = completion,
        };
        _pending.Add(id, pending);
        Attempt(pending, now);
        return id;
    }

    /// <summary>Takes in an answer to an attempt.</summary>
    public void OnResponse(ResponseMessage response)
    {
        context.Membership.Heard(response.Epoch.Value);
        if (!_pending.TryGetValue(response.RequestId, out PendingRequest? pending))
        {
            return;
        }

        switch (response.Status)
        {
            case ResponseStatus.Ok:
                Complete(pending, new RequestOutcome(RequestStatus.Ok, response.Position, response.Result));
                break;
            case ResponseStatus.NotServing:
            case ResponseStatus.Busy:
                pending.Open.Remove(response.Attempt);
                pending.LastRefusal = response.Status;
                RetrySoon(pending, response.Attempt);
                break;
            case ResponseStatus.TooLarge:
                pending.Open.Remove(response.Attempt);
                Complete(pending, new RequestOutcome(
                    pending.Open.Count > 0 ? RequestStatus.Indeterminate : RequestStatus.TooLarge, Stamp.Zero, []));
                break;
            case ResponseStatus.Forgotten:
                Complete(pending, new RequestOutcome(RequestStatus.Indeterminate, Stamp.Zero, []));
                break;
            default:
                RetrySoon(pending, response.Attempt);
                break;
        }
    }

    /// <summary>A round of a quorum read has an answer, or must begin anew.</summary>
    public void OnQuorum(long readId, int attempt, RequestOutcome? outcome)
    {
        if (!_pending.TryGetValue(readId, out PendingRequest? pending))
        {
            return;
        }

        if (outcome is { } known)
        {
            Complete(pending, known);
        }
        else
        {
            RetrySoon(pending, attempt);
        }
    }

    /// <summary>A new map: what waits for a primary that is none any more is tried again at once.</summary>
    public void OnMapChanged(PartitionMap? old, PartitionMap map)
    {
        long now = context.Now;
        foreach (PendingRequest pending in _pending.Values)
        {
            PartitionId partition = pending.Request.Partition;
            if (old is null || old[partition].Primary != map[partition].Primary)
            {
                pending.NextAttemptAt = Math.Min(pending.NextAttemptAt, now + 1);
            }
        }
    }

    /// <summary>Ends everything that is open as if its deadline had come: the node stops.</summary>
    public void EndAll()
    {
        foreach (PendingRequest pending in _pending.Values.ToList())
        {
            Complete(pending, new RequestOutcome(StatusAtDeadline(pending), Stamp.Zero, []));
        }
    }

    /// <summary>All data is void: so is what callers were shown.</summary>
    public void OnLineageLost() => _local.Reset();

    /// <summary>Lets time pass: ends what is due, tries again what waits.</summary>
    public void Tick(long now)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        foreach (PendingRequest pending in _pending.Values.ToList())
        {
            if (now >= pending.Deadline)
            {
                Complete(pending, new RequestOutcome(StatusAtDeadline(pending), Stamp.Zero, []));
            }
            else if (now >= pending.NextAttemptAt)
            {
                Attempt(pending, now);
            }
        }
    }

    private static RequestStatus StatusAtDeadline(PendingRequest pending)
    {
        if (pending.Request.IsWrite && pending.Open.Count > 0)
        {
            return RequestStatus.Indeterminate;
        }

        return pending.LastRefusal == ResponseStatus.Busy ? RequestStatus.Busy : RequestStatus.Unavailable;
    }

    private void Attempt(PendingRequest pending, long now)
    {
        pending.NextAttemptAt = now + Timings.RequestRetry;
        if (context.Map is not { } map)
        {
            return;
        }

        ClientRequest request = pending.Request;
        int attempt = ++pending.Attempt;
        PartitionPlacement placement = map[request.Partition];
        if (!request.IsWrite && request.Mode == ReadMode.Quorum)
        {
            pending.NextAttemptAt = now + Timings.RequestResend;
            Quorums.Begin(pending, placement);
        }
        else if (placement.Primary == context.Self)
        {
            pending.NextAttemptAt = now + Timings.RequestResend;
            pending.Open.Add(attempt);
            replicas[request.Partition.Value].Execute(new PartitionRequest(
                context.Self, pending.Id, attempt, request.IsWrite, request.ConflictKey, OperationOf(pending, now)));
        }
        else
        {
            pending.NextAttemptAt = now + Timings.RequestResend;
            pending.Open.Add(attempt);
            context.Outbox.Send(placement.Primary, new RequestMessage(
                request.Partition,
                placement.Epoch,
                pending.Id,
                attempt,
                (int)(pending.Deadline - now),
                request.IsWrite,
                request.ConflictKey,
                OperationOf(pending, now)));
        }
    }

    /// <summary>What is sent again, or late, tells ends as they are now: attempts differ in nothing else.</summary>
    private byte[] OperationOf(PendingRequest pending, long now) => pending.Request.IsWrite && now > pending.Begun
        ? context.States.Aged(pending.Request.Operation, now - pending.Begun)
        : pending.Request.Operation;

    private void RetrySoon(PendingRequest pending, int attempt)
    {
        if (attempt == pending.Attempt)
        {
            pending.NextAttemptAt = Math.Min(pending.NextAttemptAt, context.Now + Timings.RequestRetry);
        }
    }

    private void Complete(PendingRequest pending, RequestOutcome outcome)
    {
        _pending.Remove(pending.Id);
        Quorums.Forget(pending.Id);
        if (outcome.Status == RequestStatus.Ok)
        {
            _local.OnShown(pending.Request, outcome.Position);
        }

        pending.Completion.OnCompleted(pending.Id, outcome);
    }
}
