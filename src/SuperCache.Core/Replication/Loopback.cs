using SuperCache.Cluster;

namespace SuperCache.Replication;

/// <summary>
/// Pings itself through the backplane. A node that does not hear itself is deaf: it stops serving and acknowledging,
/// and when that
/// lasts it lets its lease go, so that others take over what it cannot serve.
/// </summary>
/// <param name="timings">Periods.</param>
internal sealed class Loopback(ClusterTimings timings)
{
    private const int SuspectFrom = 3;

    private long _nextPing;
    private long _lastHeard;
    private bool _started;
    private int _unanswered;

    /// <summary>Whether an own ping came back lately.</summary>
    public bool IsHealthy { get; private set; } = true;

    /// <summary>Whether several pings in a row are on their way: the backplane is probably broken. A node that was
    /// paused has one or two.</summary>
    public bool IsSuspect => _unanswered >= SuspectFrom;

    /// <summary>Whether the backplane has been broken for so long that the lease should lapse.</summary>
    public bool IsHopeless(long now) => _started && now - _lastHeard > timings.PingLoss + (timings.Lease / 2);

    /// <summary>Lets time pass.</summary>
    /// <returns>Whether a ping is due.</returns>
    public bool Tick(long now)
    {
        if (!_started)
        {
            (_started, _lastHeard) = (true, now);
        }

        IsHealthy = now - _lastHeard <= timings.PingLoss;
        if (now < _nextPing)
        {
            return false;
        }

        _nextPing = now + timings.Ping;
        _unanswered++;
        return true;
    }

    /// <summary>An own ping came back.</summary>
    /// <param name="sentAt">When it was sent, which is what it carries.</param>
    /// <param name="now">When it came.</param>
    public void OnPing(long sentAt, long now)
    {
        _lastHeard = Math.Max(_lastHeard, sentAt);
        _unanswered = 0;
        IsHealthy = now - _lastHeard <= timings.PingLoss;
    }
}
