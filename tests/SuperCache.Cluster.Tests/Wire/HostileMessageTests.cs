using SuperCache.Identity;
using SuperCache.Replication;
using SuperCache.TestKit.Simulation;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Wire;

/// <summary>Frames whose header is right and whose messages are not: nothing is thrown, nothing is allocated that the
/// frame does not pay for, and every frame is counted. SUPERCACHE_FRAMES sets how many are tried; 100,000 by
/// default.</summary>
public class HostileMessageTests
{
    private const long MostBytesBeside = 64 << 10;
    private const int MostBytesForEach = 64;

    private static readonly int Frames =
        int.TryParse(Environment.GetEnvironmentVariable("SUPERCACHE_FRAMES"), out int frames) ? frames : 100_000;

    [Fact]
    public void Node_TakesNoHarm_FromMessagesThatAreNone()
    {
        var random = new Random(1);
        var verdicts = new Dictionary<FrameVerdict, int>();
        ScriptedCluster cluster = New();
        for (int i = 0; i < Frames; i++)
        {
            if (i % 5_000 == 0)
            {
                cluster = New();
            }

            SimulatedNode target = cluster.Nodes[i % 3];
            byte[] frame = HostileFrame(cluster, target, random, i);
            target.LastVerdict = FrameVerdict.Ok;
            long before = GC.GetAllocatedBytesForCurrentThread();
            target.Node!.Receive(frame);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.InRange(allocated, 0, MostBytesBeside + (MostBytesForEach * (long)frame.Length));
            verdicts[target.LastVerdict] = verdicts.GetValueOrDefault(target.LastVerdict) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", verdicts.Select(v => $"{v.Key} {v.Value}")));
        Assert.Equal(Frames, verdicts.Values.Sum());
        Assert.True(verdicts[FrameVerdict.BadMessage] > Frames / 10);
        Assert.True(verdicts[FrameVerdict.UnknownMessage] > 0 && verdicts[FrameVerdict.Malformed] > 0);
    }

    private static ScriptedCluster New() => new(ReplicationMode.Sync) { Cluster = { Network = { DropRate = 1 } } };

    /// <summary>A right header from a node of the cluster, and a message that was damaged, cut, made longer, or made
    /// up.</summary>
    private static byte[] HostileFrame(ScriptedCluster cluster, SimulatedNode target, Random random, int number)
    {
        PartitionReplica replica = target.Node!.Replicas[0];
        var writer = new MessageWriter();
        new PeerFrame(
            Outbox.ClusterHash(cluster.Cluster.ClusterOptions.ClusterName),
            target.Node.Membership.Map!.Lineage,
            cluster.Nodes[(number + 1) % 3].Id,
            target.Id,
            long.MaxValue / 2 + number).Write(writer);
        Message[] all = MessageCodecTests.All(new PartitionId(0), replica.Promised, replica.Copy?.Last ?? Stamp.Zero);
        var body = new MessageWriter();
        MessageKind kind = MessageCodec.Write(body, all[random.Next(all.Length)], now: 0);
        byte[] bytes = Damage(body.Written.ToArray(), random);
        writer.U8(random.Next(20) == 0 ? (byte)random.Next(256) : (byte)kind);
        writer.U32((uint)(random.Next(20) == 0 ? random.Next() : bytes.Length));
        foreach (byte part in bytes)
        {
            writer.U8(part);
        }

        PeerFrame.Seal(writer, count: 1);
        return writer.Written.ToArray();
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                random.NextBytes(bytes);
                return bytes;
            case 2:
                byte[] longer = new byte[bytes.Length + random.Next(200)];
                random.NextBytes(longer);
                bytes.CopyTo(longer, 0);
                return longer;
            case 3:
                // A length or a count that promises more than there is.
                int at = random.Next(Math.Max(1, bytes.Length - 4));
                BitConverter.GetBytes(random.Next()).AsSpan(0, Math.Min(4, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }
}
