using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Primary;

/// <summary>
/// Executes operations at the primary (6.7): evaluates them into effects, puts these into the log, and answers when
/// the mode's promise
/// holds.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>A request becomes at most one op: one that is known is answered, or waits for the op it became (I14).</item>
/// <item>"Not serving" and "busy" mean that nothing was executed and nothing will be.</item>
/// <item>In strong mode an operation is evaluated only when no op it may depend on is pending.</item>
/// <item>Ops and bytes under way stay within limits, except in async mode, which waits for nobody.</item>
/// </list>
/// </remarks>
/// <param name="context">The node.</param>
/// <param name="replica">The partition.</param>
/// <param name="reign">The reign.</param>
internal sealed class WriteQueue(NodeContext context, PartitionReplica replica, Reign reign)
{
    private readonly Queue<(Stamp Stamp, PartitionRequest Request, byte[] Result)> _waiters = new();
    private readonly List<(Stamp Stamp, PartitionRequest Request, byte[] Result)> _repeats = [];
    private readonly List<PartitionRequest> _queued = [];
    private readonly Queue<(Sequence Sequence, ulong ConflictKey)> _pending = new();
    private readonly Dictionary<ulong, int> _pendingKeys = [];

    /// <summary>Requests that wait for a key.</summary>
    public int QueuedCount => _queued.Count;

    private PartitionCopy Copy => replica.Copy!;

    /// <summary>Executes an operation, makes it wait, or refuses it.</summary>
    public void Execute(PartitionRequest request)
    {
        if (!reign.IsServing || (request.HasCaller && !context.IsLive(request.Origin)))
        {
            Respond(request, ResponseStatus.NotServing, Stamp.Zero, []);
        }
        else if (!request.IsWrite)
        {
            Respond(request, ResponseStatus.Ok, Copy.Applied, Copy.State.Answer(request.Operation));
        }
        else if (!AnswerRepeat(request))
        {
            if (IsFull)
            {
                Respond(request, ResponseStatus.Busy, Stamp.Zero, []);
            }
            else if (context.Mode == ReplicationMode.Strong && (Conflicts(request) || _queued.Exists(q =>
                Overlap(q, request))))
            {
                _queued.Add(request);
            }
            else
            {
                Perform(request);
            }
        }
    }

    /// <summary>Executes a write of this node's caller at once, where nothing has to be waited for. The followers are
    /// sent its op at the end of the step.</summary>
    /// <returns>False when it must take the ordinary way; nothing was changed.</returns>
    public bool TryExecuteHere(byte[] operation, out byte[] result)
    {
        result = [];
        if (context.Mode != ReplicationMode.Async || !reign.IsOrdering)
        {
            return false;
        }

        (Effect[] effects, result) = Copy.State.Evaluate(operation);
        if (effects.Length != 0)
        {
            // Nobody can ask for it again: no request is remembered.
            Copy.Append(new LogEntry(
                new Stamp(reign.Epoch, Copy.Last.Sequence.Next), effects, NodeId.None, 0, []));
            replica.OwesOps = true;
            replica.Stir();
        }

        return true;
    }

    /// <summary>The commit point moved: answers who waited for it, and executes what waited for keys.</summary>
    public void OnCommit()
    {
        Sequence commit = Copy.Commit;
        while (_waiters.TryPeek(out var waiter) && waiter.Stamp.Sequence <= commit)
        {
            _waiters.Dequeue();
            Respond(waiter.Request, ResponseStatus.Ok, waiter.Stamp, waiter.Result);
        }

        for (int i = _repeats.Count - 1; i >= 0; i--)
        {
            (Stamp stamp, PartitionRequest request, byte[] result) = _repeats[i];
            if (stamp.Sequence <= commit)
            {
                _repeats.RemoveAt(i);
                Respond(request, ResponseStatus.Ok, stamp, result);
            }
        }

        while (_pending.TryPeek(out var pending) && pending.Sequence <= commit)
        {
            _pending.Dequeue();
            if (--_pendingKeys[pending.ConflictKey] == 0)
            {
                _pendingKeys.Remove(pending.ConflictKey);
            }
        }

        PerformQueued();
    }

    /// <summary>Lets time pass: executes what no longer waits for a key.</summary>
    public void Tick() => PerformQueued();

    /// <summary>The reign ends or its log was replaced: what waits may or may not have happened.</summary>
    public void Abandon()
    {
        foreach ((_, PartitionRequest request, _) in _waiters.Concat(_repeats))
        {
            Respond(request, ResponseStatus.Deposed, Stamp.Zero, []);
        }

        foreach (PartitionRequest request in _queued)
        {
            Respond(request, ResponseStatus.NotServing, Stamp.Zero, []);
        }

        _waiters.Clear();
        _repeats.Clear();
        _queued.Clear();
        _pending.Clear();
        _pendingKeys.Clear();
    }

    private bool IsFull
    {
        get
        {
            ClusterLimits limits = context.Options.Limits;
            if (_queued.Count >= limits.QueuedRequests || _repeats.Count >= limits.QueuedRequests)
            {
                return true;
            }

            return context.Mode != ReplicationMode.Async
                && (Copy.Last.Sequence - Copy.Commit >= limits.InFlightOps || PendingBytes() >= limits.InFlightBytes);
        }
    }

    /// <summary>Bytes above the commit point: counted only when the whole log could hold too many.</summary>
    private long PendingBytes()
    {
        OpLog log = Copy.Log;
        if (log.Bytes < context.Options.Limits.InFlightBytes)
        {
            return 0;
        }

        long bytes = 0;
        for (Sequence s = Sequence.Max(Copy.Commit, log.Base.Sequence).Next; s <= log.Last.Sequence; s = s.Next)
        {
            bytes += log[s].Size;
        }

        return bytes;
    }

    private bool AnswerRepeat(PartitionRequest request)
    {
        if (!request.HasCaller || context.Options.Breaks(PlantedBug.NoDeduplication))
        {
            return false;
        }

        if (Copy.Recent.TryFind(request.Origin, request.RequestId, out RecentRequest known))
        {
            AnswerWhenKept(request, known.Stamp, known.Result, isRepeat: true);
            return true;
        }

        if (Copy.Recent.MayBeForgotten(request.Origin, request.RequestId))
        {
            Respond(request, ResponseStatus.Forgotten, Stamp.Zero, []);
            return true;
        }

        int queued = _queued.FindIndex(q => q.Origin == request.Origin && q.RequestId == request.RequestId);
        if (queued >= 0)
        {
            _queued[queued] = request;
        }

        return queued >= 0;
    }

    private void Perform(PartitionRequest request)
    {
        (Effect[] effects, byte[] result) = Copy.State.Evaluate(request.Operation);
        if (effects.Length == 0)
        {
            AnswerWhenKept(request, Copy.Applied, result, isRepeat: false);
            return;
        }

        var entry = new LogEntry(
            new Stamp(reign.Epoch, Copy.Last.Sequence.Next), effects, request.Origin, request.RequestId, result);
        if (entry.Size > context.Options.Limits.OpBytes)
        {
            Respond(request, ResponseStatus.TooLarge, Stamp.Zero, []);
            return;
        }

        Copy.Append(entry);
        if (context.Mode == ReplicationMode.Strong)
        {
            _pending.Enqueue((entry.Stamp.Sequence, request.ConflictKey));
            _pendingKeys[request.ConflictKey] = _pendingKeys.GetValueOrDefault(request.ConflictKey) + 1;
        }

        AnswerWhenKept(request, entry.Stamp, result, isRepeat: false);
        reign.Replicator.Pump();
        reign.Advance();
    }

    private void AnswerWhenKept(PartitionRequest request, Stamp stamp, byte[] result, bool isRepeat)
    {
        bool isKept = context.Mode == ReplicationMode.Async
            || stamp.Sequence <= Copy.Commit
            || context.Options.Breaks(PlantedBug.AckEarly);
        if (isKept)
        {
            Respond(request, ResponseStatus.Ok, stamp, result);
        }
        else if (isRepeat)
        {
            _repeats.Add((stamp, request, result));
        }
        else
        {
            _waiters.Enqueue((stamp, request, result));
        }
    }

    private void PerformQueued()
    {
        for (int i = 0; i < _queued.Count && reign.IsServing; i++)
        {
            PartitionRequest request = _queued[i];
            if (!Conflicts(request) && !_queued.Take(i).Any(earlier => Overlap(earlier, request)))
            {
                _queued.RemoveAt(i--);
                Perform(request);
            }
        }
    }

    private bool Conflicts(PartitionRequest request) => _pendingKeys.Count != 0
        && (request.ConflictKey == 0 || _pendingKeys.ContainsKey(request.ConflictKey) || _pendingKeys.ContainsKey(0));

    private static bool Overlap(PartitionRequest left, PartitionRequest right) =>
        left.ConflictKey == 0 || right.ConflictKey == 0 || left.ConflictKey == right.ConflictKey;

    private void Respond(PartitionRequest request, ResponseStatus status, Stamp position, byte[] result) =>
        request.Respond(context, replica.Id, reign.Epoch, status, position, result);
}
