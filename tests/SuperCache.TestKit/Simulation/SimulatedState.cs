using System.Buffers.Binary;
using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.Wire;

namespace SuperCache.TestKit.Simulation;

/// <summary>What a simulated client can ask for.</summary>
internal enum SimulatedOp : byte
{
    Put = 1,
    Delete,
    AddIfAbsent,
    Enqueue,
    Dequeue,
    Clear,
    PutTwo,
    Get,

    /// <summary>A put of all bytes that follow.</summary>
    PutBlob,
}

/// <summary>A small table of lists of numbers under numbered keys: enough for every kind of operation.</summary>
internal sealed class SimulatedState : IPartitionState
{
    private const int MostItems = 24;
    private readonly SortedDictionary<(int Table, int Key), byte[]> _entries = [];

    public long Count => _entries.Count;

    public long Bytes => _entries.Count * 16L;

    public long CountOf(int table) => _entries.Keys.Count(e => e.Table == table);

    public void Split(in Effect effect, List<Effect> into) => into.Add(effect);

    public static byte[] Encode(SimulatedOp op, int table, int key, long value)
    {
        byte[] bytes = new byte[18];
        bytes[0] = (byte)op;
        bytes[1] = (byte)table;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(6), value);
        return bytes;
    }

    public Evaluation Evaluate(byte[] operation)
    {
        (SimulatedOp op, int table, int key, byte[] value) = Decode(operation);
        byte[] old = _entries.GetValueOrDefault((table, key), []);
        switch (op)
        {
            case SimulatedOp.Put:
                return new([Put(table, key, value)], old);
            case SimulatedOp.PutBlob:
                return new([Put(table, key, operation[14..])], []);
            case SimulatedOp.Delete:
                return new(old.Length == 0 ? [] : [new Effect(EffectKind.Delete, table, KeyBytes(key), [])], old);
            case SimulatedOp.AddIfAbsent:
                return new(old.Length == 0 ? [Put(table, key, value)] : [], old);
            case SimulatedOp.Enqueue:
                return new(old.Length >= MostItems * 8 ? [] : [Put(table, key, [.. old, .. value])], old);
            case SimulatedOp.Dequeue when old.Length > 8:
                return new([Put(table, key, old[8..])], old[..8]);
            case SimulatedOp.Dequeue:
                return new(old.Length == 0 ? [] : [new Effect(EffectKind.Delete, table, KeyBytes(key), [])], old);
            case SimulatedOp.Clear:
                return new([new Effect(EffectKind.Clear, table, [], [])], []);
            case SimulatedOp.PutTwo:
                return new([Put(table, key, value), Put(table, key ^ 1, value)], old);
            default:
                return new([], old);
        }
    }

    public byte[] Answer(byte[] operation)
    {
        (_, int table, int key, _) = Decode(operation);
        return _entries.GetValueOrDefault((table, key), []);
    }

    public void Apply(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Put:
                _entries[(effect.Table, KeyOf(effect))] = effect.Value;
                break;
            case EffectKind.Delete:
                _entries.Remove((effect.Table, KeyOf(effect)));
                break;
            default:
                ClearBucket(effect.Table, 0, 1);
                break;
        }
    }

    public int BucketOf(in Effect effect, int bucketCount) => Bucket(KeyOf(effect), bucketCount);

    public void ReadBucket(int bucket, int bucketCount, List<Effect> into)
    {
        foreach (((int table, int key), byte[] value) in _entries)
        {
            if (Bucket(key, bucketCount) == bucket)
            {
                into.Add(Put(table, key, value));
            }
        }
    }

    public void ClearBucket(int table, int bucket, int bucketCount)
    {
        foreach ((int, int Key) entry in _entries.Keys.Where(e =>
            e.Table == table && Bucket(e.Key, bucketCount) == bucket).ToList())
        {
            _entries.Remove(entry);
        }
    }

    public ulong ContentHash()
    {
        ulong hash = 14695981039346656037;
        foreach (((int table, int key), byte[] value) in _entries)
        {
            hash = (hash ^ (ulong)table) * 1099511628211;
            hash = (hash ^ (ulong)key) * 1099511628211;
            foreach (byte b in value)
            {
                hash = (hash ^ b) * 1099511628211;
            }
        }

        return hash;
    }

    /// <summary>What is no operation is a read of nothing.</summary>
    public static (SimulatedOp Op, int Table, int Key, byte[] Value) Decode(byte[] operation) => operation.Length < 14
        ? (SimulatedOp.Get, -1, 0, [])
        : ((SimulatedOp)operation[0], operation[1], BinaryPrimitives.ReadInt32LittleEndian(
            operation.AsSpan(2)), operation[6..14]);

    private static int Bucket(int key, int bucketCount) => (int)((uint)(key * 2654435761) >> 8) & (bucketCount - 1);

    private static Effect Put(int table, int key, byte[] value) => new(EffectKind.Put, table, KeyBytes(key), value);

    private static byte[] KeyBytes(int key) => BitConverter.GetBytes(key);

    private static int KeyOf(in Effect effect) =>
        effect.Key.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(effect.Key);
}

/// <summary>Makes empty simulated tables.</summary>
internal sealed class SimulatedStates : IPartitionStateFactory
{
    public IPartitionState Create(PartitionId partition) => new SimulatedState();
}
