using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Partitions;
using SuperCache.Replication.Forwarder;
using SuperCache.Storage;

namespace SuperCache.Replication.Operations;

/// <summary>What a node does for the entries of the partitions it leads: what has expired leaves, what is too much
/// leaves, and what was read goes on living, everywhere.</summary>
/// <remarks>
/// <para>Each of these is an op like any other, so that all copies do the same in the same order. An entry that was
/// taken out of its wheel or queue for it is kept here until it has left: an op may be refused, or come too late, and
/// then the entry goes back.</para>
/// <para>Reads of sliding entries come from every node that has a copy. They are gathered: a primary is told of an
/// entry at most once in an eighth of its sliding time, but always before a quarter of it would be left.</para>
/// <para>Under the driver's gate.</para>
/// </remarks>
internal sealed class TablesUpkeep(EnginePartitionStates states, ClusterNode node, ClusterOptions options)
    : IStepListener, IRequestCompletion
{
    private const int Period = 100;
    private const int Patience = 2_000;
    private const int MaxKeys = 256;
    private const int SweepFrom = 1_024;

    private readonly List<(EntryNode Entry, EntryBearer Bearer, int Partition, long Since)> _leaving = [];
    private readonly PriorityQueue<EntryBearer, long> _read = new();
    private readonly Dictionary<(int Partition, TableId Table), List<(object Key, long Age)>> _touches = [];
    private readonly List<EntryNode> _due = [];
    private readonly bool _isStrong = options.Fingerprint.ReplicationMode == ReplicationMode.Strong;
    private int _sweepAt = SweepFrom;
    private long _next;

    /// <summary>Entries that were read and wait to be told of; for tests.</summary>
    public int WaitingReads => _read.Count;

    private bool IsOver => states.Budget is { IsOver: true };

    /// <inheritdoc/>
    public void OnFlush()
    {
        if (IsOver)
        {
            Evict();
            node.Flush();
        }
    }

    /// <inheritdoc/>
    public void OnTick()
    {
        if (IsOver)
        {
            Evict();
        }

        long now = states.NodeClock.Now;
        if (now < _next)
        {
            return;
        }

        _next = now + Period;
        TakeBack(now);
        for (int i = 0; i < node.Replicas.Count; i++)
        {
            if (node.Replicas[i].Copy?.State is not TablesState state)
            {
                continue;
            }

            state.ReleaseIndex();
            if (state.IsLed)
            {
                Expire(i, state, now);
                state.Partition.Settle();
            }
        }

        TellOfReads();
    }

    /// <summary>Drops all that waits, when the copies it is about are dropped for good.</summary>
    public void DropEverything()
    {
        _leaving.Clear();
        _read.Clear();
        _due.Clear();
        states.Touches.Clear();
    }

    /// <inheritdoc/>
    /// <remarks>A primary that was told of reads: what was lost of them is lost.</remarks>
    void IRequestCompletion.OnCompleted(long requestId, in RequestOutcome outcome)
    {
    }

    private void Expire(int partition, TablesState state, long now)
    {
        do
        {
            _due.Clear();
            state.Partition.TakeDue(MaxKeys, _due);
            Remove(OperationCode.Expire, partition, _due, now);
        }
        while (_due.Count == MaxKeys);
    }

    /// <summary>Partitions give up entries in turn until the node is within its limit, each its last one only when
    /// nothing else is left.</summary>
    private void Evict()
    {
        long over = states.Budget!.Total - states.Budget.Limit;
        foreach ((EntryNode entry, _, _, _) in _leaving)
        {
            over -= entry.Table is null ? 0 : entry.Size;
        }

        long now = states.NodeClock.Now;
        foreach (bool sparesLast in (bool[])[true, false])
        {
            for (bool isFound = true; isFound && over > 0;)
            {
                isFound = false;
                for (int i = 0; i < node.Replicas.Count && over > 0; i++)
                {
                    if (node.Replicas[i].Copy?.State is TablesState { IsLed: true } state)
                    {
                        over -= Evict(i, state, over, sparesLast, now);
                        isFound |= _due.Count > 0;
                    }
                }
            }
        }
    }

    /// <returns>What leaves.</returns>
    private long Evict(int partition, TablesState state, long over, bool sparesLast, long now)
    {
        // A fair part at a time, so that no partition pays for all.
        int most = (int)Math.Clamp(over / node.Replicas.Count, 1, MaxKeys);
        long taken = 0;
        _due.Clear();
        while (_due.Count < most && taken < over && state.Partition.TakeVictim(sparesLast) is { } victim)
        {
            _due.Add(victim);
            taken += victim.Size;
        }

        Remove(OperationCode.Evict, partition, _due, now);
        return taken;
    }

    private void Remove(OperationCode code, int partition, List<EntryNode> entries, long now)
    {
        foreach (IGrouping<TableId, EntryNode> ofTable in entries.GroupBy(e => ((EntryBearer)e.Toucher!).Table))
        {
            List<(object Key, long Age)> keys = [];
            foreach (EntryNode entry in ofTable)
            {
                var bearer = (EntryBearer)entry.Toucher!;
                _leaving.Add((entry, bearer, partition, now));
                keys.Add((bearer.Key, 0));
            }

            Maintain(code, partition, ofTable.Key, keys);
        }

        // Where ops are applied at once these have left already.
        _leaving.RemoveAll(l => l.Entry.Table is null);
    }

    /// <summary>In strong mode an op waits for others of its keys, so each key gets its own.</summary>
    private void Maintain(OperationCode code, int partition, TableId table, List<(object Key, long Age)> keys)
    {
        if (!_isStrong)
        {
            node.Maintain(new PartitionId(partition), conflictKey: 0, states.Writer.OfKeys(code, table, keys));
            return;
        }

        foreach ((object Key, long Age) key in keys)
        {
            node.Maintain(
                new PartitionId(partition), states.Hash.Of(key.Key) | 1, states.Writer.OfKeys(code, table, [key]));
        }
    }

    /// <summary>What was to leave and has not for long goes back to where it was.</summary>
    private void TakeBack(long now)
    {
        for (int i = _leaving.Count - 1; i >= 0; i--)
        {
            (EntryNode entry, EntryBearer bearer, int partition, long since) = _leaving[i];
            if (entry.Table is not null && now - since < Patience)
            {
                continue;
            }

            if (entry.Table is not null && ReferenceEquals(node.Replicas[partition].Copy?.State, bearer.State))
            {
                bearer.State.Partition.Return(entry);
            }

            _leaving.RemoveAt(i);
        }
    }

    private void TellOfReads()
    {
        long now = states.Clock.GetUtcNow().UtcTicks;
        while (states.Touches.TryDequeue(out EntryBearer? bearer))
        {
            long patience = bearer.Node.Sliding / 8;
            _read.Enqueue(bearer, Math.Min(now + patience, bearer.Told - (2 * patience)));
        }

        if (_read.Count > _sweepAt)
        {
            ForgetWhatLeft();
        }

        while (_read.TryPeek(out EntryBearer? bearer, out long due) && due <= now)
        {
            _read.Dequeue();
            bearer.Listen();
            if (bearer.Node.Table is not null && bearer.Node.Deadline > bearer.Told && PlaceOf(bearer) is { } partition)
            {
                // The time of the read follows from where it has moved the end to; at the limit that is now.
                long readAt = bearer.Node.Deadline - bearer.Node.Sliding;
                long age = bearer.Node.Deadline == bearer.Node.Limit ? 0 : Math.Max(0, now - readAt);
                Gather(partition, bearer.Table).Add((bearer.Key, age));
            }
        }

        foreach (((int partition, TableId table), List<(object Key, long Age)> keys) in _touches)
        {
            Tell(partition, table, keys);
        }

        _touches.Clear();
    }

    /// <summary>Entries that were read and have left, by a delete or with their copy, wait for nothing: there may be
    /// any number of them, where a key is put and read again and again.</summary>
    private void ForgetWhatLeft()
    {
        (EntryBearer, long)[] staying = [.. _read.UnorderedItems.Where(item =>
            item.Element.Node.Table is not null && PlaceOf(item.Element) is not null)];
        _read.Clear();
        _read.EnqueueRange(staying);
        _sweepAt = Math.Max(SweepFrom, staying.Length * 2);
    }

    private void Tell(int partition, TableId table, List<(object Key, long Age)> keys)
    {
        bool isPrimary = node.IsPrimary(new PartitionId(partition));
        foreach ((object Key, long Age)[] part in keys.Chunk(_isStrong ? 1 : MaxKeys))
        {
            if (isPrimary)
            {
                // Its own entries know when they were read; a time would count for all entries of the key.
                long always = states.Clock.GetUtcNow().UtcTicks;
                Maintain(OperationCode.Touch, partition, table, [.. part.Select(read => (read.Key, always))]);
                continue;
            }

            var request = new ClientRequest(
                new PartitionId(partition),
                IsWrite: true,
                ReadMode.Primary,
                _isStrong ? states.Hash.Of(part[0].Key) | 1 : 0,
                states.Writer.OfKeys(OperationCode.Touch, table, part));
            node.Begin(request, this);
        }
    }

    private List<(object Key, long Age)> Gather(int partition, TableId table)
    {
        if (!_touches.TryGetValue((partition, table), out List<(object Key, long Age)>? keys))
        {
            _touches[(partition, table)] = keys = [];
        }

        return keys;
    }

    /// <summary>The partition whose present copy holds an entry; null when the copy has been given up.</summary>
    private int? PlaceOf(EntryBearer bearer)
    {
        int index = bearer.State.Index;
        return ReferenceEquals(node.Replicas[index].Copy?.State, bearer.State) ? index : null;
    }
}
