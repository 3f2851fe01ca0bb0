using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.TestKit.Simulation;

/// <summary>The membership store as a simulated server: slow, away, forgetful, or executing what nobody waits for any
/// more.</summary>
internal sealed class SimulatedStore(EventQueue events, Random random)
{
    private const int HistoryLength = 64;
    private readonly List<MembershipState> _history = [];
    private readonly InMemoryMembershipStore _store = new(new DriftingTime(events, 1.0, 0));

    public MembershipState State => _store.State;

    /// <summary>What watches it; set once.</summary>
    public StoreMemory? Memory { get; set; }

    public bool IsDown { get; set; }

    /// <summary>When the store last lost something that it had acknowledged.</summary>
    public long LastLossAt { get; private set; } = long.MinValue / 2;

    /// <summary>How often a call is executed without an answer, or executed late.</summary>
    public double IndeterminateRate { get; set; }

    /// <summary>Whether calls that get no answer fail at once, with an open outcome, or stay silent.</summary>
    public bool FailsFast { get; set; }

    /// <summary>Hears what was executed, before the answer is on its way.</summary>
    public Action<SimulatedNode, StoreRequest, StoreReply>? Executed { get; set; }

    /// <summary>Whether handovers are executed but never answered.</summary>
    public bool LosesReplies { get; set; }

    public int LatencyFactor { get; set; } = 1;

    /// <summary>Slots that cannot reach it.</summary>
    public HashSet<int> CutOff { get; } = [];

    public void Begin(SimulatedNode caller, long callId, StoreRequest request)
    {
        NodeId id = caller.Id;
        if (IsDown || CutOff.Contains(caller.Slot))
        {
            Fail(caller, id, callId);
            return;
        }

        long there = (60 + random.Next(300)) * LatencyFactor;
        bool isLate = random.NextDouble() < IndeterminateRate;
        bool isLost = random.NextDouble() < IndeterminateRate;
        if (isLate)
        {
            there += random.Next(2_500_000);
        }

        events.After(there, () => Execute(caller, id, callId, request, isLost));
    }

    /// <summary>Forgets everything.</summary>
    public void Wipe()
    {
        LastLossAt = events.Now;
        _store.State = MembershipState.Empty;
        _history.Clear();
        Memory?.OnLoss(null);
    }

    /// <summary>Goes back to what it once held.</summary>
    public void Restore(MembershipState state)
    {
        LastLossAt = events.Now;
        _store.State = state;
        _history.Clear();
        Memory?.OnLoss(state.Map);
    }

    /// <summary>Goes back by a number of executed writes.</summary>
    public void Regress(int writes)
    {
        if (_history.Count > 0)
        {
            LastLossAt = events.Now;
            int index = Math.Max(0, _history.Count - writes);
            _store.State = _history[index];
            _history.RemoveRange(index, _history.Count - index);
            Memory?.OnLoss(State.Map);
        }
    }

    private void Execute(SimulatedNode caller, NodeId id, long callId, StoreRequest request, bool isLost)
    {
        if (IsDown)
        {
            Fail(caller, id, callId);
            return;
        }

        MembershipState before = _store.State;
        StoreReply reply = _store.Execute(request);
        Memory?.OnExecuted(id, request, reply);
        Executed?.Invoke(caller, request, reply);
        if (request is not PollRequest)
        {
            caller.Trace($"store: {request.GetType().Name} {reply.Status} at version {_store.State.Map?.Version}");
        }

        if (!ReferenceEquals(before, _store.State))
        {
            _history.Add(before);
            if (_history.Count > HistoryLength)
            {
                _history.RemoveAt(0);
            }
        }

        if (isLost || CutOff.Contains(caller.Slot)
            || (LosesReplies && request is CasRequest { Change: PlacementChange.Transfer }))
        {
            Fail(caller, id, callId);
            return;
        }

        long executedAt = events.Now;
        Answer(caller, id, () =>
        {
            Memory?.OnAnswered(id, executedAt);
            caller.Node!.OnStoreReply(callId, reply);
        });
    }

    private void Fail(SimulatedNode caller, NodeId id, long callId)
    {
        if (FailsFast)
        {
            Answer(caller, id, () => caller.Node!.OnStoreReply(callId, new StoreReply(StoreStatus.Indeterminate)));
        }
    }

    private void Answer(SimulatedNode caller, NodeId id, Action answer) => events.After(
        (60 + random.Next(300)) * LatencyFactor, () => caller.Enqueue(id, _ => answer(), isFrame: false));
}
