using System.Numerics;
using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication;

/// <summary>
/// Sends one snapshot of a copy to one node, bucket by bucket, a few under way at once. A bucket is read when it is
/// sent, and read
/// again when it is sent again: nothing is kept but what is acknowledged.
/// </summary>
internal sealed class SnapshotSender
{
    private const int MaxBuckets = 65_536;
    private readonly NodeContext _context;
    private readonly PartitionReplica _replica;
    private readonly long[] _sentAt;
    private readonly bool[] _acked;
    private readonly int _buckets;
    private int _lowest;
    private long _lastProgress;

    /// <summary>Prepares a snapshot. Nothing is sent before the first <see cref="Pump"/>.</summary>
    public SnapshotSender(
        NodeContext context, PartitionReplica replica, PartitionCopy copy, NodeId destination, long session)
    {
        _context = context;
        _replica = replica;
        Copy = copy;
        Destination = destination;
        Session = session;
        Start = copy.Applied;
        _buckets = BucketsFor(copy.State, context.Options.Limits);
        _sentAt = new long[_buckets + 1];
        _acked = new bool[_buckets + 1];
        _lastProgress = context.Now;
        Array.Fill(_sentAt, long.MinValue / 2);
    }

    /// <summary>What is sent.</summary>
    public PartitionCopy Copy { get; }

    /// <summary>The receiver.</summary>
    public NodeId Destination { get; }

    /// <summary>Names this snapshot.</summary>
    public long Session { get; }

    /// <summary>Where it began.</summary>
    public Stamp Start { get; }

    /// <summary>Whether all buckets are acknowledged.</summary>
    public bool IsDone => _lowest > _buckets;

    /// <summary>Whether the receiver has been silent for too long.</summary>
    public bool IsStalled(long now) => now - _lastProgress > _context.Options.Timings.SnapshotPatience;

    /// <summary>Takes in an acknowledgement and sends on.</summary>
    public void OnAck(int bucket, long now)
    {
        if (bucket < 0 || bucket > _buckets || _acked[bucket])
        {
            return;
        }

        _acked[bucket] = true;
        _lastProgress = now;
        while (_lowest <= _buckets && _acked[_lowest])
        {
            _lowest++;
        }

        Pump(now);
    }

    /// <summary>Sends the buckets that are due.</summary>
    public void Pump(long now)
    {
        int end = Math.Min(_buckets, _lowest + _context.Options.Limits.ChunkWindow - 1);
        for (int bucket = _lowest; bucket <= end; bucket++)
        {
            if (!_acked[bucket] && now - _sentAt[bucket] >= _context.Options.Timings.ChunkResend)
            {
                _sentAt[bucket] = now;
                Send(bucket);
            }
        }
    }

    /// <summary>As many as keep a bucket near the aimed entries and the aimed bytes of a message.</summary>
    private static int BucketsFor(IPartitionState state, ClusterLimits limits)
    {
        long wanted = Math.Max(state.Count / limits.ChunkEntries, state.Bytes / limits.BatchBytes);
        return Math.Max(limits.MinBuckets, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(wanted, MaxBuckets)));
    }

    private void Send(int bucket)
    {
        List<Effect> entries = [];
        bool isLast = bucket == _buckets;
        if (!isLast)
        {
            Copy.State.ReadBucket(bucket, _buckets, entries);
        }

        RecentRequest[] requests = isLast ? Copy.Recent.Export(Copy.Applied.Sequence) : [];
        int entryAt = 0;
        int requestAt = 0;
        for (int part = 0; part == 0 || entryAt < entries.Count || requestAt < requests.Length; part++)
        {
            int firstEntry = entryAt;
            int firstRequest = requestAt;
            entryAt = EndOfPart(firstEntry, entries.Count, i => entries[i].Size);
            requestAt = EndOfPart(firstRequest, requests.Length, i => 40 + requests[i].Result.Length);
            _context.Outbox.Send(Destination, new ChunkMessage(
                _replica.Id,
                _replica.Promised,
                Session,
                Start,
                bucket,
                _buckets,
                Copy.Applied,
                [.. entries[firstEntry..entryAt]],
                requests[firstRequest..requestAt],
                part,
                IsLastPart: entryAt == entries.Count && requestAt == requests.Length));
        }
    }

    /// <summary>Where a part ends that is about as large as a batch and holds at least one item.</summary>
    private int EndOfPart(int first, int count, Func<int, int> size)
    {
        int end = first;
        for (long bytes = 0; end < count && (end == first || bytes + size(end) <= _context.Options.Limits.BatchBytes);)
        {
            bytes += size(end++);
        }

        return end;
    }
}
