using SuperCache.Identity;
using SuperCache.Replication.Replica;
using SuperCache.TestKit.Simulation;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Replication;

public class ShadowCopyTests
{
    private static readonly ClusterOptions Options = new()
    {
        Fingerprint = new ClusterFingerprint(1, 2, ReplicationMode.Sync),
    };

    [Fact]
    public void Shadow_IsReady_OnlyWhenEveryBucketIsThere_AndTheStreamHasPassedEveryTag()
    {
        ShadowCopy shadow = Begin();
        shadow.Add(Bucket(0, tag: 12, Put(0, 1)), 0);
        shadow.Add(Bucket(1, tag: 10), 0);
        Assert.True(shadow.IsReceiving);

        shadow.Add(Bucket(2, tag: 12), 0);
        Assert.True(shadow.IsReceiving);

        shadow.Copy.Accept(At(10), [Op(11), Op(12)], out _);
        Assert.False(shadow.IsReceiving);
    }

    [Fact]
    public void Op_IsAppliedOnce_WhenTheBucketAlreadyHoldsIt()
    {
        int key = KeyIn(bucket: 0);
        ShadowCopy shadow = Begin();
        shadow.Add(Bucket(0, tag: 12, Put(key, 9)), 0);
        shadow.Copy.Accept(At(10), [Op(11, Put(key, 1)), Op(12, Put(key, 2)), Op(13, Put(KeyIn(bucket: 1), 3))], out _);
        shadow.Add(Bucket(1, tag: 13, Put(KeyIn(bucket: 1), 3)), 0);
        shadow.Add(Bucket(2, tag: 13), 0);

        Assert.False(shadow.IsReceiving);
        Assert.Equal([9], shadow.Copy.State.Answer(SimulatedState.Encode(SimulatedOp.Get, 0, key, 0)));
    }

    [Fact]
    public void Clear_ReachesOnlyBucketsReadBeforeIt()
    {
        ShadowCopy shadow = Begin();
        shadow.Add(Bucket(0, tag: 10, Put(KeyIn(bucket: 0), 1)), 0);
        shadow.Add(Bucket(1, tag: 11, Put(KeyIn(bucket: 1), 2)), 0);
        shadow.Copy.Accept(At(10), [Op(11, new Effect(EffectKind.Clear, 0, [], []))], out _);

        Assert.Equal(1, shadow.Copy.State.Count);
    }

    private static ShadowCopy Begin() => new(Options, new SimulatedState(), new NodeId(1), Bucket(0, tag: 10), now: 0);

    private static Stamp At(long sequence) => new(new Epoch(1), new Sequence(sequence));

    private static ChunkMessage Bucket(int bucket, long tag, params Effect[] entries) =>
        new(new PartitionId(0), new Epoch(1), 1, At(10), bucket, 2, At(tag), entries, []);

    private static LogEntry Op(long sequence, params Effect[] effects) =>
        new(At(sequence), effects, NodeId.None, 0, []);

    private static Effect Put(int key, byte value) => new(EffectKind.Put, 0, BitConverter.GetBytes(key), [value]);

    private static int KeyIn(int bucket)
    {
        var state = new SimulatedState();
        return Enumerable.Range(0, 100).First(k => state.BucketOf(Put(k, 0), 2) == bucket);
    }
}
