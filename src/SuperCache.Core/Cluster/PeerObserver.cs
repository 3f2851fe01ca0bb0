using System.Collections.Immutable;
using SuperCache.Identity;

namespace SuperCache.Cluster;

/// <summary>
/// Watches the counters of the other nodes. A node is suspect when its counter stood still for 105 % of a lease of the
/// observer's own
/// clock, seen in polls without a gap (rules ).
/// </summary>
/// <param name="timings">The lease and the longest gap.</param>
/// <param name="keepAfterGap">Breaks R-2; for tests.</param>
internal sealed class PeerObserver(ClusterTimings timings, bool keepAfterGap)
{
    private readonly Dictionary<NodeId, (long Counter, long Since)> _seen = [];
    private long _lastPoll = long.MinValue / 2;

    /// <summary>Takes in a poll's answer.</summary>
    /// <param name="counters">All live nodes' counters.</param>
    /// <param name="askedAt">When the poll was sent: what it shows is at least that new.</param>
    /// <param name="now">When it was answered; a change may have happened as late as this.</param>
    public void Observe(ImmutableSortedDictionary<NodeId, long> counters, long askedAt, long now)
    {
        if (askedAt - _lastPoll > timings.PollGap)
        {
            Reset();
        }

        _lastPoll = now;
        foreach (NodeId gone in _seen.Keys.Where(id => !counters.ContainsKey(id)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach ((NodeId id, long counter) in counters)
        {
            if (!_seen.TryGetValue(id, out (long Counter, long Since) last) || last.Counter != counter)
            {
                _seen[id] = (counter, now);
            }
        }
    }

    /// <summary>Forgets everything: a poll failed.</summary>
    public void Reset()
    {
        if (!keepAfterGap)
        {
            _seen.Clear();
        }
    }

    /// <summary>The nodes whose counter stood still for too long, with that counter.</summary>
    /// <param name="self">Never a suspect.</param>
    /// <param name="askedAt">When the latest poll was sent.</param>
    public IEnumerable<(NodeId Suspect, long Counter)> Suspects(NodeId self, long askedAt)
    {
        long patience = timings.Lease * 105L / 100;
        return _seen
            .Where(s => s.Key != self && askedAt - s.Value.Since > patience)
            .OrderBy(s => s.Key)
            .Select(s => (s.Key, s.Value.Counter))
            .ToList();
    }
}
