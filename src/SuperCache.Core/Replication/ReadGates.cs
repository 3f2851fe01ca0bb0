using System.Diagnostics.CodeAnalysis;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Replication.Forwarder;
using SuperCache.Replication.Operations;
using SuperCache.Storage;

namespace SuperCache.Replication;

/// <summary>Tells readers, who take no lock, whether this node's copy of a partition may answer them, and which tables
/// it is in.</summary>
/// <remarks>
/// <list type="number">
/// <item>G1: a gate is open only while a local read would be allowed (<see cref="LocalReads"/>): it is shut in the step
/// in which a caller is acknowledged a write that the copy lacks, before that caller hears of it.</item>
/// <item>G2: what stood behind an open gate counts as shown: a copy that is behind it never comes to stand
/// there.</item>
/// <item>G3: where local reads are the rule, readers may take the short cut to the one index behind an open gate. They
/// do not look at the clock: a gate whose time is over is shut by the next look at it, a tenth of a second later at the
/// latest.</item>
/// </list>
/// </remarks>
internal sealed class ReadGates : IPartitionWatcher
{
    private readonly ReadGate[] _gates;
    private readonly NodeClock _clock;
    private NodeId _self;

    /// <summary>Under the driver's gate.</summary>
    private bool _isClosed;

    /// <param name="partitionCount">One gate each.</param>
    /// <param name="clock">The engine's.</param>
    /// <param name="setLane">Opens and shuts short cuts; null where reads need more than an open gate.</param>
    public ReadGates(int partitionCount, TimeProvider clock, Action<TableId, int, RecordIndex?>? setLane)
    {
        _clock = new NodeClock(clock);
        _gates = new ReadGate[partitionCount];
        bool isSystem = clock == TimeProvider.System;
        for (int i = 0; i < partitionCount; i++)
        {
            int partition = i;
            Action<TableId, RecordIndex?>? lanes =
                setLane is null ? null : (table, index) => setLane(table, partition, index);
            _gates[i] = new ReadGate(_clock, isSystem, lanes);
        }
    }

    /// <summary>The gate of a partition.</summary>
    public ReadGate this[int partition] => _gates[partition];

    /// <summary>Says which node's gates these are; once, before anything is stirred.</summary>
    public void BelongTo(NodeId self) => _self = self;

    /// <summary>Shuts all gates for good. Under the driver's gate, so that no step opens one again.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (ReadGate gate in _gates)
        {
            gate.Hold(null);
            gate.Shut();
            gate.Copy = null;
        }
    }

    /// <inheritdoc/>
    void IPartitionWatcher.OnStirred(PartitionReplica replica, LocalReads reads)
    {
        if (_isClosed)
        {
            return;
        }

        ReadGate gate = _gates[replica.Id.Value];
        PartitionCopy? copy = replica.Copy;
        var state = copy?.State as TablesState;
        if (gate.Copy is { } before && before != copy)
        {
            gate.Shut();
            ((TablesState)before.State).IsLed = false;
            reads.OnShown(replica, before.Applied);
        }

        gate.Copy = copy;
        bool counts = replica.Placement?.Voters.Contains(_self) == true;
        gate.Hold(counts ? state?.Partition : null);
        if (state is not null)
        {
            state.IsLed = replica.Reign is { Phase: Primary.ReignPhase.Active };
        }

        long until = reads.AllowedUntil(replica);
        if (state is not null && until > _clock.Now)
        {
            gate.Open(state, until);
        }
        else if (gate.Shut() && copy is not null)
        {
            reads.OnShown(replica, copy.Applied);
        }
    }
}

/// <summary>The way of readers to one partition's tables on this node.</summary>
/// <param name="clock">The node's.</param>
/// <param name="isSystem">Whether it is the system's clock, whose tick count is cheaper to read.</param>
/// <param name="lanes">Opens and shuts the short cuts around the gate; null for none.</param>
internal sealed class ReadGate(NodeClock clock, bool isSystem, Action<TableId, RecordIndex?>? lanes)
{
    private TablesState? _behind;
    private Partition? _open;
    private Partition? _held;
    private long _until;

    /// <summary>The copy behind the gate, open or shut. Under the driver's gate.</summary>
    public PartitionCopy? Copy { get; set; }

    /// <summary>The tables of the copy that this node holds, however old; null when it holds none.</summary>
    public Partition? Held => Volatile.Read(ref _held);

    /// <summary>The tables that may answer a local read now.</summary>
    public bool TryEnter([NotNullWhen(true)] out Partition? partition)
    {
        partition = Volatile.Read(ref _open);
        return partition is not null
            && (isSystem ? Environment.TickCount64 : clock.Now) < Volatile.Read(ref _until);
    }

    public void Hold(Partition? partition) => Volatile.Write(ref _held, partition);

    public void Open(TablesState state, long until)
    {
        long now = isSystem ? clock.Now : 0;
        long left = until >= long.MaxValue / 2 ? int.MaxValue : until - now;
        Volatile.Write(ref _until, isSystem ? Environment.TickCount64 + left : until);
        Volatile.Write(ref _open, state.Partition);
        if (_behind != state)
        {
            _behind = state;
            state.Lanes = lanes;
        }
    }

    /// <summary>Lets nobody in from now on.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Shut()
    {
        bool wasOpen = _open is not null;
        Volatile.Write(ref _open, null);
        if (_behind is { } state)
        {
            _behind = null;
            state.Lanes = null;
        }

        return wasOpen;
    }
}
