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
    private readonly Stamp?[] _tags;
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
        _tags = new Stamp?[first.BucketCount];
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

    /// <summary>Takes in a bucket; one that is present already is left as it is.</summary>
    public void Add(ChunkMessage chunk, long now)
    {
        LastChunkAt = now;
        if (chunk.BucketCount != _tags.Length)
        {
            return;
        }

        if (chunk.Bucket == _tags.Length)
        {
            AddRequests(chunk);
        }
        else if (_tags[chunk.Bucket] is null)
        {
            AddBucket(chunk);
        }
    }

    /// <summary>Applies an effect of the stream to the buckets that are due for it.</summary>
    public void Apply(Sequence sequence, in Effect effect)
    {
        if (effect.Kind == EffectKind.Clear)
        {
            for (int bucket = 0; bucket < _tags.Length; bucket++)
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
                ApplyToBucket(sequence, part, Copy.State.BucketOf(part, _tags.Length));
            }
        }
        else
        {
            ApplyToBucket(sequence, effect, Copy.State.BucketOf(effect, _tags.Length));
        }
    }

    private void AddRequests(ChunkMessage chunk)
    {
        if (_hasRequests)
        {
            return;
        }

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
        if (_tags[bucket] is not { } tag || (sequence <= tag.Sequence && !_ignoresTags))
        {
            return;
        }

        if (effect.Kind == EffectKind.Clear)
        {
            Copy.State.ClearBucket(effect.Table, bucket, _tags.Length);
        }
        else
        {
            Copy.State.Apply(effect);
        }
    }
}
