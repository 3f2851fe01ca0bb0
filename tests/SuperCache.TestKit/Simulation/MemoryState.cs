using System.Buffers.Binary;
using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>
/// A plain table of numbered keys that may be large: a put of a key and a value is its only operation. Indexes its keys
/// by bucket when a snapshot begins to read it.
/// </summary>
internal sealed class MemoryState : IPartitionState
{
    private readonly Dictionary<int, byte[]> _entries = [];
    private HashSet<int>[]? _index;

    public long Count => _entries.Count;

    public long Bytes => _entries.Count * 36L;

    public Evaluation Evaluate(byte[] operation) =>
        new([new Effect(EffectKind.Put, 0, operation[..4], operation[4..])], []);

    public byte[] Answer(byte[] operation) =>
        _entries.GetValueOrDefault(BinaryPrimitives.ReadInt32LittleEndian(operation), []);

    public void Apply(in Effect effect)
    {
        int key = BinaryPrimitives.ReadInt32LittleEndian(effect.Key);
        _entries[key] = effect.Value;
        _index?[Bucket(key, _index.Length)].Add(key);
    }

    public int BucketOf(in Effect effect, int bucketCount) =>
        Bucket(BinaryPrimitives.ReadInt32LittleEndian(effect.Key), bucketCount);

    public void ReadBucket(int bucket, int bucketCount, List<Effect> into)
    {
        if (_index?.Length != bucketCount)
        {
            _index = [.. Enumerable.Range(0, bucketCount).Select(_ => new HashSet<int>())];
            foreach (int key in _entries.Keys)
            {
                _index[Bucket(key, bucketCount)].Add(key);
            }
        }

        foreach (int key in _index[bucket])
        {
            into.Add(new Effect(EffectKind.Put, 0, BitConverter.GetBytes(key), _entries[key]));
        }
    }

    public long CountOf(int table) => table == 0 ? Count : 0;

    public void Split(in Effect effect, List<Effect> into) => into.Add(effect);

    public void ClearBucket(int table, int bucket, int bucketCount) => throw new NotSupportedException();

    public ulong ContentHash()
    {
        ulong hash = 0;
        foreach ((int key, byte[] value) in _entries)
        {
            ulong entry = 14695981039346656037 ^ (uint)key;
            foreach (byte b in value)
            {
                entry = (entry ^ b) * 1099511628211;
            }

            hash += entry * 0x9E3779B97F4A7C15;
        }

        return hash;
    }

    private static int Bucket(int key, int bucketCount) => (int)((uint)key * 2654435761 >> 8) & (bucketCount - 1);
}

/// <summary>Makes empty tables.</summary>
internal sealed class MemoryStates : IPartitionStateFactory
{
    public IPartitionState Create(PartitionId partition) => new MemoryState();
}
