using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// Remembers the requests a partition executed lately, so that one that is asked again is answered and not executed
/// again (I14). It
/// is part of the copy: filled by the log as it is appended, carried by snapshots, so that a new primary knows what
/// the old one did.
/// </summary>
/// <remarks>
/// Invariant: a request that was executed is either remembered or not above its origin's floor. An origin numbers its
/// requests
/// upwards, so the highest forgotten number bounds all forgotten ones. A floor outlives its origin's death: a node that
/// was declared
/// dead and lives comes back with its id and asks again. Only the floors of the longest silent of many dead origins go.
/// </remarks>
/// <param name="capacity">The most that is remembered.</param>
/// <param name="bytes">The most that the answers remembered may take; one is kept whatever its size.</param>
/// <param name="origins">The floors that are kept at least; more only for live nodes.</param>
internal sealed class RecentRequests(int capacity, long bytes, int origins)
{
    private readonly Dictionary<(NodeId Origin, long Id), RecentRequest> _byRequest = [];
    private readonly Queue<(NodeId Origin, long Id)> _order = new();
    private readonly Dictionary<NodeId, (long Floor, long RaisedAs)> _floors = [];
    private long _raised;
    private long _bytes;

    /// <summary>Requests remembered.</summary>
    public int Count => _byRequest.Count;

    /// <summary>Origins of which something was forgotten.</summary>
    public int Floors => _floors.Count;

    /// <summary>Finds a request that was executed.</summary>
    public bool TryFind(NodeId origin, long id, out RecentRequest request) =>
        _byRequest.TryGetValue((origin, id), out request);

    /// <summary>Whether a request is so old that it may have been executed and forgotten.</summary>
    public bool MayBeForgotten(NodeId origin, long id) =>
        _floors.TryGetValue(origin, out (long Floor, long) known) && id <= known.Floor;

    /// <summary>Remembers the request of an op.</summary>
    public void Add(LogEntry entry)
    {
        if (entry.RequestId != 0)
        {
            Add(new RecentRequest(entry.Origin, entry.RequestId, entry.Stamp, entry.Result));
        }
    }

    /// <summary>Keeps the floors within bounds; those of nodes that are dead go first, the longest silent of them
    /// before others.</summary>
    public void ForgetOrigins(Func<NodeId, bool> isLive)
    {
        int surplus = _floors.Count - origins;
        if (surplus <= 0)
        {
            return;
        }

        foreach (NodeId origin in InOrder().Where(o => !isLive(o)).Take(surplus).ToList())
        {
            _floors.Remove(origin);
        }
    }

    /// <summary>What was executed up to a place, oldest first; floors are requests at
    /// <see cref="Stamp.Zero"/>.</summary>
    public RecentRequest[] Export(Sequence upTo) =>
    [
        .. InOrder().Select(origin => new RecentRequest(origin, _floors[origin].Floor, Stamp.Zero, [])),
        .. _order.Select(key => _byRequest[key]).Where(r => r.Stamp.Sequence <= upTo),
    ];

    /// <summary>Takes what was exported elsewhere up to a place, and keeps of its own what came after.</summary>
    public void Import(RecentRequest[] exported, Sequence upTo)
    {
        RecentRequest[] own = Export(new Sequence(long.MaxValue));
        _byRequest.Clear();
        _order.Clear();
        _bytes = 0;
        foreach (RecentRequest request in exported.Concat(own.Where(r =>
            r.Stamp == Stamp.Zero || r.Stamp.Sequence > upTo)))
        {
            if (request.Stamp == Stamp.Zero)
            {
                RaiseFloor(request.Origin, request.RequestId);
            }
            else
            {
                Add(request);
            }
        }
    }

    private void Add(RecentRequest request)
    {
        var key = (request.Origin, request.RequestId);
        if (!_byRequest.TryAdd(key, request))
        {
            return;
        }

        _order.Enqueue(key);
        _bytes += request.Result.Length;
        while (_order.Count > capacity || (_bytes > bytes && _order.Count > 1))
        {
            (NodeId origin, long id) = _order.Dequeue();
            _byRequest.Remove((origin, id), out RecentRequest forgotten);
            _bytes -= forgotten.Result.Length;
            RaiseFloor(origin, id);
        }
    }

    private void RaiseFloor(NodeId origin, long id) =>
        _floors[origin] = (Math.Max(_floors.GetValueOrDefault(origin).Floor, id), ++_raised);

    private IEnumerable<NodeId> InOrder() => _floors.OrderBy(f => f.Value.RaisedAs).Select(f => f.Key);
}
