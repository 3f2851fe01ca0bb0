using SuperCache.Cluster;
using SuperCache.Identity;
using SuperCache.Wire;

namespace SuperCache.Replication.Replica;

/// <summary>
/// A copy that is being received beside the old one (rule R-13). Buckets arrive while the primary goes on: each is
/// tagged with the place at
/// which it was read, the stream of ops runs from the snapshot's start, and an op reaches a bucket exactly once.
/// </summary>
/// <remarks>
/// Invariants:
/// <list type="number">
/// <item>An op changes a bucket iff the bucket is present and the op is after its tag.</item>
/// <item>A bucket never arrives after the stream has passed its tag: both come from one sender in order, and what is
/// overtaken is dropped.</item>
/// <item>The shadow becomes the copy only when every bucket is present and the stream has passed every tag.</item>
/// <item>Until then it answers nothing and counts for nothing (I9).</item>
/// </list>
/// </remarks>
internal sealed class ShadowCopy
{
    private readonly Dictionary<int, Stamp> _tags = [];
    private readonly Dictionary<int, Parts> _arriving = [];
    private readonly int _buckets;
    private readonly List<Effect> _parts = [];
    private readonly bool _ignoresTags;
    private Sequence _highestTag;
    private bool _hasRequests;
    private int _missing;

    /// <summary>Begins to receive a snapshot.</summary>
    public ShadowCopy(ClusterOptions options, IPartitionState state, NodeId source, ChunkMessage first, long now)
    {
        Source = source;
        Session = first.Session;
        Copy = new PartitionCopy(options, state, first.Start, this);
        _buckets = first.BucketCount;
        _missing = first.BucketCount;
        _ignoresTags = options.Breaks(PlantedBug.IgnoreChunkTags);
        LastChunkAt = now;
    }

    /// <summary>Who sends it.</summary>
    public NodeId Source { get; }

    /// <summary>Which of the sender's snapshots it is.</summary>
    public long Session { get; }

    /// <summary>The copy in the making.</summary>
    public PartitionCopy Copy { get; }

    /// <summary>When the last chunk came.</summary>
    public long LastChunkAt { get; private set; }

    /// <summary>Whether buckets are still missing or the stream has not passed all tags.</summary>
    public bool IsReceiving => _missing > 0 || !_hasRequests || (Copy.Applied.Sequence < _highestTag && !_ignoresTags);

    /// <summary>Takes in a bucket, or a part of one; one that is present already is left as it is.</summary>
    /// <returns>Whether the bucket is present now.</returns>
    public bool Add(ChunkMessage chunk, long now)
    {
        LastChunkAt = now;
        if (chunk.BucketCount != _buckets)
        {
            return false;
        }

        if (chunk.Bucket == _buckets ? _hasRequests : _tags.ContainsKey(chunk.Bucket))
        {
            return true;
        }

        if (!TryJoin(ref chunk))
        {
            return false;
        }

        if (chunk.Bucket == _buckets)
        {
            AddRequests(chunk);
        }
        else
        {
            AddBucket(chunk);
        }

        return true;
    }

    /// <summary>Joins the parts of a bucket, which come one after another and were read at one place: after a gap the
    /// sender begins again with the first.</summary>
    private bool TryJoin(ref ChunkMessage chunk)
    {
        if (chunk is { Part: 0, IsLastPart: true })
        {
            _arriving.Remove(chunk.Bucket);
            return true;
        }

        Parts? parts = chunk.Part == 0 ? new Parts(chunk.Tag) : _arriving.GetValueOrDefault(chunk.Bucket);
        if (parts is null || parts.Next != chunk.Part || parts.Tag != chunk.Tag)
        {
            return false;
        }

        _arriving[chunk.Bucket] = parts;
        parts.Next++;
        parts.Entries.AddRange(chunk.Entries);
        parts.Requests.AddRange(chunk.Requests);
        if (chunk.IsLastPart)
        {
            _arriving.Remove(chunk.Bucket);
            chunk = chunk with { Entries = [.. parts.Entries], Requests = [.. parts.Requests] };
        }

        return chunk.IsLastPart;
    }

    /// <summary>Applies an effect of the stream to the buckets that are due for it.</summary>
    public void Apply(Sequence sequence, in Effect effect)
    {
        if (effect.Kind == EffectKind.Clear)
        {
            foreach (int bucket in _tags.Keys)
            {
                ApplyToBucket(sequence, effect, bucket);
            }
        }
        else if (effect.Kind == EffectKind.PutMany)
        {
            _parts.Clear();
            Copy.State.Split(effect, _parts);
            foreach (Effect part in _parts)
            {
                ApplyToBucket(sequence, part, Copy.State.BucketOf(part, _buckets));
            }
        }
        else
        {
            ApplyToBucket(sequence, effect, Copy.State.BucketOf(effect, _buckets));
        }
    }

    private void AddRequests(ChunkMessage chunk)
    {
        _hasRequests = true;
        _highestTag = Sequence.Max(_highestTag, chunk.Tag.Sequence);
        Copy.Recent.Import(chunk.Requests, chunk.Tag.Sequence);
    }

    private void AddBucket(ChunkMessage chunk)
    {
        foreach (ref readonly Effect entry in chunk.Entries.AsSpan())
        {
            Copy.State.Apply(entry);
        }

        _tags[chunk.Bucket] = chunk.Tag;
        _missing--;
        _highestTag = Sequence.Max(_highestTag, chunk.Tag.Sequence);
    }

    private void ApplyToBucket(Sequence sequence, in Effect effect, int bucket)
    {
        if (!_tags.TryGetValue(bucket, out Stamp tag) || (sequence <= tag.Sequence && !_ignoresTags))
        {
            return;
        }

        if (effect.Kind == EffectKind.Clear)
        {
            Copy.State.ClearBucket(effect.Table, bucket, _buckets);
        }
        else
        {
            Copy.State.Apply(effect);
        }
    }

    /// <summary>The parts of a bucket that have come.</summary>
    private sealed class Parts(Stamp tag)
    {
        public Stamp Tag { get; } = tag;

        public int Next { get; set; }

        public List<Effect> Entries { get; } = [];

        public List<RecentRequest> Requests { get; } = [];
    }
}
