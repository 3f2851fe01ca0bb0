using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// Collects the messages of one step of the node into frames, one or a few for each destination, and numbers the
/// frames. Nothing leaves
/// before <see cref="Flush"/>.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="options">Names and bounds.</param>
/// <param name="backplane">Where frames go.</param>
/// <param name="clock">Turns deadlines into remaining life.</param>
internal sealed class Outbox(NodeId self, ClusterOptions options, IBackplane backplane, NodeClock clock)
{
    private readonly Dictionary<NodeId, Pending> _pending = [];
    private readonly List<NodeId> _dirty = [];
    private readonly uint _cluster = ClusterHash(options.ClusterName);
    private long _lastNumber;

    /// <summary>The lineage that frames carry.</summary>
    public ulong Lineage { get; set; }

    /// <summary>Adds a message for one node.</summary>
    public void Send(NodeId destination, Message message) => Add(destination, message);

    /// <summary>Adds a message for all nodes.</summary>
    public void Broadcast(Message message) => Add(NodeId.None, message);

    /// <summary>Hands all frames to the backplane.</summary>
    public void Flush()
    {
        foreach (NodeId destination in _dirty)
        {
            Emit(destination, _pending[destination]);
        }

        _dirty.Clear();
    }

    /// <summary>Drops what is kept for nodes that are gone.</summary>
    public void Forget(Func<NodeId, bool> isLive)
    {
        foreach (NodeId gone in _pending.Keys.Where(n => n != NodeId.None && n != self && !isLive(n)).ToList())
        {
            if (!_dirty.Contains(gone))
            {
                _pending.Remove(gone);
            }
        }
    }

    /// <summary>The hash that frames carry for a cluster's name (FNV-1a).</summary>
    public static uint ClusterHash(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 16777619;
        }

        return hash;
    }

    private void Add(NodeId destination, Message message)
    {
        if (!_pending.TryGetValue(destination, out Pending? pending))
        {
            _pending[destination] = pending = new Pending();
        }

        if (pending.Count == 0)
        {
            Begin(destination, pending);
        }

        int kindAt = pending.Writer.Length;
        pending.Writer.U8(0);
        int lengthAt = pending.Writer.BeginLength();
        MessageKind kind = MessageCodec.Write(pending.Writer, message, clock.Now);
        pending.Writer.EndLength(lengthAt);
        pending.Writer.PatchU8(kindAt, (byte)kind);
        pending.Count++;
        if (pending.Writer.Length >= options.Limits.BatchBytes || pending.Count == ushort.MaxValue)
        {
            Emit(destination, pending);
        }
    }

    private void Begin(NodeId destination, Pending pending)
    {
        pending.Writer.Clear();
        new PeerFrame(_cluster, Lineage, self, destination, ++_lastNumber).Write(pending.Writer);
        if (!_dirty.Contains(destination))
        {
            _dirty.Add(destination);
        }
    }

    private void Emit(NodeId destination, Pending pending)
    {
        if (pending.Count == 0)
        {
            return;
        }

        PeerFrame.Seal(pending.Writer, pending.Count);
        pending.Count = 0;
        if (destination == NodeId.None)
        {
            backplane.Broadcast(pending.Writer.Written);
        }
        else
        {
            backplane.Send(destination, pending.Writer.Written);
        }
    }

    private sealed class Pending
    {
        public MessageWriter Writer { get; } = new();

        public int Count { get; set; }
    }
}
