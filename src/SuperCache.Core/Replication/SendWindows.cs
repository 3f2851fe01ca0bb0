using SuperCache.Identity;

namespace SuperCache.Replication;

/// <summary>
/// The bytes of ops that were sent to each node, by all partitions, and not acknowledged yet (rule R-16). When a window
/// is full, its node is sent heartbeats only, until it has acknowledged some; the log keeps what it lacks, and what
/// leaves the log comes by snapshot.
/// </summary>
internal sealed class SendWindows
{
    private readonly Dictionary<NodeId, long> _bytes = [];

    /// <summary>Bytes on their way to a node.</summary>
    public long this[NodeId node] => _bytes.GetValueOrDefault(node);

    /// <summary>More, or less, is on its way.</summary>
    public void Add(NodeId node, long bytes)
    {
        long sum = this[node] + bytes;
        if (sum == 0)
        {
            _bytes.Remove(node);
        }
        else
        {
            _bytes[node] = sum;
        }
    }
}
