using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>What a node learns from the store's answers, and from their absence.</summary>
internal sealed partial class Membership
{
    /// <summary>Takes in the store's answer to a call.</summary>
    public void OnReply(long callId, StoreReply reply)
    {
        if (!_open.Remove(callId, out (StoreRequest Request, long SentAt) call))
        {
            return;
        }

        if (reply.Status == StoreStatus.Indeterminate)
        {
            OnIndeterminate(call.Request);
            return;
        }

        if (reply.Status == StoreStatus.Regressed)
        {
            _mustRestore = Map is not null;
            if (call.Request is PollRequest)
            {
                _observer.Reset();
            }
        }

        if (reply.Status == StoreStatus.Refused)
        {
            Refuse(reply.Message);
            return;
        }

        int partitions = _options.Fingerprint.PartitionCount;
        if (reply.Map is { } map && map.Placements.Length != partitions && IsToBeAdopted(call.Request, map))
        {
            // Whoever wrote it: everything here counts on a placement for each partition.
            Refuse(
                $"The membership store holds a map of {map.Placements.Length} partitions; this node has {partitions}.");
            return;
        }

        Wire = Math.Max(Wire, reply.Wire);
        switch (call.Request)
        {
            case JoinRequest:
                OnJoined(reply, call.SentAt);
                break;
            case RestoreRequest:
                OnRestored(reply);
                break;
            default:
                OnOrdinaryReply(call.Request, reply, call.SentAt);
                break;
        }
    }

    private void OnIndeterminate(StoreRequest request)
    {
        switch (request)
        {
            case PollRequest:
                _observer.Reset();
                break;
            case RestoreRequest:
                _mustRestore = true;
                break;
            case CasRequest cas:
                PollSoon();
                _listener.OnPlacementChangeAnswered(cas, StoreStatus.Indeterminate);
                break;
            default:
                break;
        }
    }

    private void OnJoined(StoreReply reply, long sentAt)
    {
        if (reply.Status != StoreStatus.Ok || Phase != MembershipPhase.Joining)
        {
            return;
        }

        long now = _clock.Now;
        Phase = MembershipPhase.Active;
        Lease.Grant(sentAt, now);
        (_nextRenew, _nextPoll) = (now + (_options.Timings.Renew / 2), now);
        if (reply.Bootstrapped)
        {
            _listener.OnBootstrapped();
        }

        Adopt(reply.Map!);
        _listener.OnAnnounce(Map!.Version);
    }

    private void OnRestored(StoreReply reply)
    {
        if (reply.Status != StoreStatus.Ok)
        {
            _mustRestore = reply.Status == StoreStatus.Regressed;
            return;
        }

        PartitionMap map = reply.Map!;
        if (Map is not null && map.Lineage != Map.Lineage)
        {
            Lease.Void();
            _listener.OnLineageLost();
            (Map, Seen, _maybeGoneSince) = (null, map.Version, -1);
        }

        Adopt(map);
        _listener.OnAnnounce(map.Version);
    }

    /// <summary>Only joins and repairs bring a map of another lineage.</summary>
    private bool IsToBeAdopted(StoreRequest request, PartitionMap map) =>
        request is JoinRequest or RestoreRequest || map.Lineage == Map?.Lineage;

    /// <summary>
    /// The store's map is of a cluster in which this node cannot live: it ends here for good. What it holds belongs to
    /// a cluster that is no more; where it has been a member the listener drops it.
    /// </summary>
    private void Refuse(string? reason)
    {
        Lease.Void();
        (Phase, Refusal) = (MembershipPhase.Refused, reason ?? "The membership store refuses this node.");
        _open.Clear();
        if (Map is not null)
        {
            Map = null;
            _listener.OnRefused(Refusal);
        }
    }

    private void OnOrdinaryReply(StoreRequest request, StoreReply reply, long sentAt)
    {
        if (reply.Map is not null && !IsToBeAdopted(request, reply.Map))
        {
            return;
        }

        if (request is RenewRequest && reply.Status == StoreStatus.Ok && Phase == MembershipPhase.Active && !MayBeGone)
        {
            Lease.Grant(sentAt, _clock.Now);
        }

        if (reply.Map is { } map)
        {
            Adopt(map);
        }

        if (reply.Status == StoreStatus.Fenced)
        {
            Fence();
        }

        switch (request)
        {
            case PollRequest when reply.Counters is { } counters && Phase == MembershipPhase.Active:
                PolledAt = sentAt;
                ObservePeers(counters, sentAt);
                break;
            case CasRequest cas:
                if (reply.Status == StoreStatus.Ok)
                {
                    _listener.OnAnnounce(Map!.Version);
                }

                _listener.OnPlacementChangeAnswered(cas, reply.Status);
                break;
            case DeadRequest when reply.Status == StoreStatus.Ok:
                _listener.OnAnnounce(Map!.Version);
                break;
            case RenewRequest when _leaving && reply.Map is not null:
                _listener.OnAnnounce(Map!.Version);
                break;
            case LeaveRequest when reply.Status == StoreStatus.Ok:
                Phase = MembershipPhase.Gone;
                Lease.Void();
                break;
            default:
                break;
        }
    }

    private void ObservePeers(ImmutableSortedDictionary<NodeId, long> counters, long sentAt)
    {
        _observer.Observe(counters, sentAt, _clock.Now);
        foreach ((NodeId suspect, long counter) in _observer.Suspects(Self, sentAt))
        {
            if (!_open.Values.Any(c => c.Request is DeadRequest dead && dead.Suspect == suspect))
            {
                Call(new DeadRequest(Self, Seen, suspect, counter));
            }
        }
    }

    private void Adopt(PartitionMap map)
    {
        if (Map is { } mine && (map.Version <= mine.Version || map.IsBehind(mine)))
        {
            _mustRestore |= map.Version > mine.Version;
            return;
        }

        PartitionMap? old = Map;
        Map = map;
        Seen = Math.Max(Seen, map.Version);
        if (old is null || !old.View.Members.SequenceEqual(map.View.Members))
        {
            ViewChangedAt = _clock.Now;
        }

        _contradictions.Clear();
        _listener.OnMapChanged(old, map);
        if (!map.View.Contains(Self) && Phase == MembershipPhase.Active)
        {
            Fence();
        }
    }

    private void Fence()
    {
        if (Phase != MembershipPhase.Active)
        {
            return;
        }

        Lease.Void();
        Phase = _mayGo ? MembershipPhase.Gone : MembershipPhase.Joining;
        _nextJoin = _clock.Now;
        _observer.Reset();
        _listener.OnFenced();
    }
}
