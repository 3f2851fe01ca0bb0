using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>Where a node stands towards its cluster.</summary>
internal enum MembershipPhase
{
    /// <summary>Asks to be let in, for the first time or after it was declared dead.</summary>
    Joining,

    /// <summary>Is a live node; whether it may serve depends on its lease.</summary>
    Active,

    /// <summary>May not join, or not stay, for good; see <see cref="Membership.Refusal"/>.</summary>
    Refused,

    /// <summary>Has left.</summary>
    Gone,
}

/// <summary>
/// A node's membership: joins, renews its lease, watches the others, keeps the newest map, repairs a store that has
/// forgotten, and
/// carries the partitions' compare-and-sets.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>Within a lineage the map's version never goes back (I8).</item>
/// <item>The lease counts from before its renewal was sent; a late answer grants nothing more than it should
/// .</item>
/// <item>A call without an answer is indeterminate; its late answer is ignored .</item>
/// <item>At most one call of each kind is open, one compare-and-set per partition.</item>
/// </list>
/// Called by <c>ClusterNode</c> alone. Sources: the DynamoDB lock client's counters in place of clocks.
/// </remarks>
internal sealed partial class Membership
{
    private readonly ClusterOptions _options;
    private readonly IMembershipStore _store;
    private readonly IMembershipListener _listener;
    private readonly NodeClock _clock;
    private readonly Random _random;
    private readonly PeerObserver _observer;
    private readonly Dictionary<long, (StoreRequest Request, long SentAt)> _open = [];
    private long _lastCall;
    private long _nextJoin;
    private long _nextRenew;
    private long _nextPoll;
    private readonly Dictionary<PartitionId, Epoch> _contradictions = [];
    private bool _mustRestore;
    private bool _leaving;
    private bool _mayGo;
    private long _maybeGoneSince = -1;

    /// <summary>Creates a node's membership. Nothing is called before the first tick.</summary>
    public Membership(
        NodeId self, ClusterOptions options,
            IMembershipStore store, IMembershipListener listener, NodeClock clock, Random random)
    {
        Self = self;
        _options = options;
        _store = store;
        _listener = listener;
        _clock = clock;
        _random = random;
        Lease = new Lease(options.Timings.Lease);
        _observer = new PeerObserver(options.Timings, options.Breaks(PlantedBug.NoObserverReset));
    }

    /// <summary>This node.</summary>
    public NodeId Self { get; }

    /// <summary>This node's lease.</summary>
    public Lease Lease { get; }

    /// <summary>Where this node stands.</summary>
    public MembershipPhase Phase { get; private set; } = MembershipPhase.Joining;

    /// <summary>The newest map; null before the first join.</summary>
    public PartitionMap? Map { get; private set; }

    /// <summary>The highest version or epoch ever seen in this lineage.</summary>
    public long Seen { get; private set; }

    /// <summary>The cluster's wire version.</summary>
    public int Wire { get; private set; }

    /// <summary>Why the node may not join or stay; null while it may.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Whether renewals are held back because the backplane has been broken for long.</summary>
    public bool HoldRenewals { get; set; }

    /// <summary>When the latest poll that was answered had been sent: the map is at least that new.</summary>
    public long PolledAt { get; private set; }

    /// <summary>When a membership change was last adopted.</summary>
    public long ViewChangedAt { get; private set; }

    /// <summary>Whether the store may have let this node, its last, go already.</summary>
    private bool MayBeGone => Map is { } map && map.Version <= _maybeGoneSince;

    private ClusterMember Row => new(Self, _options.Label, _options.Wire.Min, _options.Wire.Max, _leaving);

    /// <summary>
    /// Whether the lease was regained so lately that others may not have seen the store since. Who returns to a store
    /// that went back may find itself primary there although others have taken over; they say so at their next look,
    /// and until then it must not begin a reign that needs nobody but itself.
    /// </summary>
    private bool IsJustBack =>
        _clock.Now - Lease.RegainedAt < _options.Timings.Poll + _options.Timings.StoreTimeout;

    /// <summary>Whether placements count on this node while there are others that could take its place.</summary>
    public bool IsCountedOn =>
        Map is not null && Map.View.Members.Length > 1 && Map.Placements.Any(p => p.Holds(Self));

    /// <summary>Whether all other members want to go, too: then nobody is left to hand over to.</summary>
    public bool IsLastToStay =>
        Map is { View.Members.Length: > 1 } map && map.View.Members.All(m => m.Leaving || m.Id == Self);

    /// <summary>Remembers an epoch heard in a message; looks at the store when the map is older.</summary>
    public void Heard(long version)
    {
        if (version > Seen)
        {
            Seen = version;
            PollSoon();
        }
    }

    /// <summary>
    /// The map is newer than a reign that this node has promised, and does not know it: the store went back. It must
    /// be repaired.
    /// </summary>
    public void Contradict(PartitionId partition, Epoch promised)
    {
        _contradictions[partition] = promised;
        _mustRestore = true;
    }

    /// <summary>Looks at the store as soon as possible.</summary>
    public void PollSoon() => _nextPoll = Math.Min(_nextPoll, _clock.Now);

    /// <summary>Begins to hand over: the others stop counting on this node. It stays a member, so that its callers can
    /// still ask the others.</summary>
    public void HandOver()
    {
        _leaving = true;
        _nextRenew = Math.Min(_nextRenew, _clock.Now);
    }

    /// <summary>Begins to leave: hands over, and goes when nothing is left to it.</summary>
    public void Leave()
    {
        _mayGo = true;
        HandOver();
    }

    /// <summary>Asks for a change of a placement. The answer comes to the listener.</summary>
    /// <returns>False when a change of this partition is still open, or the node has just regained its lease and asks
    /// for a new reign; nothing was asked.</returns>
    public bool TryChange(
        PartitionId partition,
            Epoch expected, PlacementChange change, ImmutableArray<NodeId> voters, NodeId primary, ulong nonce)
    {
        if (Phase != MembershipPhase.Active
            || (change != PlacementChange.Activate && IsJustBack)
            || _open.Values.Any(c => c.Request is CasRequest cas && cas.Partition == partition))
        {
            return false;
        }

        Call(new CasRequest(Self, Seen, partition, expected, change, voters, primary, nonce));
        return true;
    }

    /// <summary>Voids the lease when the machine was suspended. To be called before anything that relies on the
    /// lease.</summary>
    public void WatchClocks() => Lease.Watch(_clock.Now, _clock.Wall);

    /// <summary>Lets time pass.</summary>
    public void Tick()
    {
        long now = _clock.Now;
        WatchClocks();
        ExpireCalls(now);
        switch (Phase)
        {
            case MembershipPhase.Joining when now >= _nextJoin && !IsOpen<JoinRequest>():
                _nextJoin = now + (_options.Timings.Renew / 4) + _random.Next(50);
                Join();
                break;
            case MembershipPhase.Active:
                TickActive(now);
                break;
            default:
                break;
        }

        if (_mustRestore && Map is { } map
            && Phase is MembershipPhase.Active or MembershipPhase.Joining && !IsOpen<RestoreRequest>())
        {
            _mustRestore = false;
            Call(new RestoreRequest(
                Self, Seen, KnownMap(map), Row, _options.Fingerprint, Math.Max(Wire, _options.Wire.Min)));
        }
    }

    private void TickActive(long now)
    {
        if (now >= _nextRenew && !HoldRenewals && !IsOpen<RenewRequest>())
        {
            _nextRenew = now + _options.Timings.Renew;
            Call(new RenewRequest(Self, Seen, Map!.Version, Map.Lineage, _leaving));
        }

        if (now >= _nextPoll && !IsOpen<PollRequest>())
        {
            _nextPoll = now + _options.Timings.Poll;
            Call(new PollRequest(Self, Seen, Map!.Version, Map.Lineage));
        }

        if (_mayGo && !IsCountedOn && !IsOpen<LeaveRequest>())
        {
            Go();
        }
    }

    /// <summary>
    /// Asks to be let go. The last member goes although everything counts on it: from here on it may be gone without
    /// knowing, and who joins then takes over at once. So it gives up its lease first, and takes none before it has
    /// seen the map change, after which the store refuses this request.
    /// </summary>
    private void Go()
    {
        if (Map!.Placements.Any(p => p.Holds(Self)))
        {
            _maybeGoneSince = Seen;
            Lease.Void();
        }

        Call(new LeaveRequest(Self, Seen));
    }

    /// <summary>The map, with the reigns that this node has promised and the map does not know.</summary>
    private PartitionMap KnownMap(PartitionMap map) => _contradictions.Count == 0
        ? map
        : map with
        {
            Placements =
            [
                .. map.Placements.Select((p, i) => _contradictions.TryGetValue(new PartitionId(i), out Epoch promised)
                    && promised > p.Epoch ? p with { Epoch = promised } : p),
            ],
        };

    private void Join()
    {
        (ulong, long)? known = Map is { } map ? (map.Lineage, map.Version) : null;
        ulong lineage = (ulong)_random.NextInt64(1, long.MaxValue);
        Call(new JoinRequest(Self, Seen, Row, _options.Fingerprint, known, _random.NextInt64(1L << 48), lineage));
    }

    private void Call(StoreRequest request)
    {
        long id = ++_lastCall;
        _open[id] = (request, _clock.Now);
        int largest = request is RestoreRequest ? MapVersion.MaxRepairStep : MapVersion.MaxStep;
        _store.Begin(id, request with { Step = 1 + _random.Next(largest) });
    }

    private bool IsOpen<T>()
    {
        foreach ((StoreRequest request, _) in _open.Values)
        {
            if (request is T)
            {
                return true;
            }
        }

        return false;
    }

    private void ExpireCalls(long now)
    {
        foreach (long id in _open.Where(c =>
            now - c.Value.SentAt > _options.Timings.StoreTimeout).Select(c => c.Key).ToList())
        {
            if (_open.Remove(id, out (StoreRequest Request, long SentAt) call))
            {
                OnIndeterminate(call.Request);
            }
        }
    }
}
