using System.Collections.Immutable;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Replication.Forwarder;

namespace SuperCache.Replication;

/// <summary>What the parts of one node share.</summary>
internal sealed class NodeContext
{
    private ClusterView? _assignedFor;
    private ImmutableArray<ImmutableArray<NodeId>> _assignment = [];

    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>What it was told at its start.</summary>
    public required ClusterOptions Options { get; init; }

    /// <summary>Its clock.</summary>
    public required NodeClock Clock { get; init; }

    /// <summary>Its seeded randomness.</summary>
    public required Random Random { get; init; }

    /// <summary>Its messages to others.</summary>
    public required Outbox Outbox { get; init; }

    /// <summary>Makes storage.</summary>
    public required IPartitionStateFactory States { get; init; }

    /// <summary>Where it reports.</summary>
    public required IClusterEvents Events { get; init; }

    /// <summary>Its membership. Set once, while the node is built.</summary>
    public Membership Membership { get; set; } = null!;

    /// <summary>Its own requests. Set once, while the node is built.</summary>
    public RequestRouter Router { get; set; } = null!;

    /// <summary>Its loopback.</summary>
    public required Loopback Loopback { get; init; }

    /// <summary>What is on its way to each node.</summary>
    public SendWindows Windows { get; } = new();

    /// <summary>Bytes of frames that wait at the host.</summary>
    public long ReceiveBacklog { get; set; }

    /// <summary>Bytes this node is ready to receive from one other.</summary>
    public int Credit => (int)Math.Clamp(Options.Limits.WindowBytes - ReceiveBacklog, 0, int.MaxValue);

    /// <summary>Bytes that the log of each partition may hold at this moment .</summary>
    public long LogBytes { get; private set; }

    /// <summary>Snapshots under way.</summary>
    public SnapshotSlots Slots { get; } = new();

    /// <summary>Partitions about which something may have changed in this step, each once.</summary>
    public List<PartitionReplica> Stirred { get; } = [];

    /// <summary>The newest map; null before the first join.</summary>
    public PartitionMap? Map => Membership.Map;

    /// <summary>Milliseconds of the node's clock.</summary>
    public long Now => Clock.Now;

    /// <summary>What an acknowledged write has reached.</summary>
    public ReplicationMode Mode => Options.Fingerprint.ReplicationMode;

    /// <summary>Whether this node may serve and acknowledge at this moment (rule R-3).</summary>
    public bool CanServe => Loopback.IsHealthy && HasLease;

    /// <summary>Whether no other node can lead what this node leads.</summary>
    public bool HasLease => Membership.Phase == MembershipPhase.Active
        && (Membership.Lease.IsValid(Now) || Options.Breaks(PlantedBug.ServeWithoutLease));

    /// <summary>Divides the bytes that logs may hold.</summary>
    public void DivideLogBytes(PartitionReplica[] replicas)
    {
        long held = 0;
        int copies = 0;
        foreach (PartitionReplica replica in replicas)
        {
            held += replica.Copy?.Log.Bytes ?? 0;
            copies += replica.Copy is null ? 0 : 1;
        }

        ClusterLimits limits = Options.Limits;
        LogBytes = held <= limits.NodeLogBytes
            ? limits.LogBytes
            : Math.Min(limits.LogBytes, limits.NodeLogBytes / copies);
    }

    /// <summary>Whether a node is live in the newest map.</summary>
    public bool IsLive(NodeId node) => Map is { } map && map.View.Contains(node);

    /// <summary>Live nodes that do not want to leave.</summary>
    public IEnumerable<NodeId> Staying => Map!.View.Members.Where(m => !m.Leaving).Select(m => m.Id);

    /// <summary>Where a partition's copies should be, the primary first. Empty when everybody leaves.</summary>
    public ImmutableArray<NodeId> Target(PartitionId partition)
    {
        PartitionMap map = Map!;
        if (!ReferenceEquals(_assignedFor, map.View))
        {
            _assignedFor = map.View;
            _assignment = PartitionAssignment.Compute(
                [.. Staying], map.Placements.Length, Options.Fingerprint.ReplicationFactor);
        }

        return _assignment[partition.Value];
    }
}
