using SuperCache.Identity;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Cluster.Tests.Wire;

public class MessageCodecTests
{
    private static readonly PartitionId P = new(3);
    private static readonly Epoch E = new(77);
    private static readonly Effect[] Effects =
    [
        new(EffectKind.Put, 1, [1, 2], [3, 4, 5], 10_500),
        new(EffectKind.Delete, 2, [9], []),
        new(EffectKind.Clear, 0, [], []),
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, All().Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Read_GivesBackWhatWasWritten(int index)
    {
        Message message = All()[index];
        (MessageKind kind, byte[] body) = Write(message, now: 10_000);

        Message? read = MessageCodec.Read(kind, body, now: 10_000);

        Assert.NotNull(read);
        Assert.Equal(body, Write(read, now: 10_000).Body);
        Assert.Equal(message.GetType(), read.GetType());
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Read_RefusesEveryTruncation(int index)
    {
        (MessageKind kind, byte[] body) = Write(All()[index], now: 0);
        for (int length = 0; length < body.Length; length++)
        {
            Assert.Null(MessageCodec.Read(kind, body.AsSpan(0, length), now: 0));
        }
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Read_IgnoresWhatALaterVersionAdds(int index)
    {
        (MessageKind kind, byte[] body) = Write(All()[index], now: 0);

        Assert.NotNull(MessageCodec.Read(kind, [.. body, 1, 2, 3], now: 0));
    }

    [Fact]
    public void Read_ThrowsNothing_AndAllocatesLittle_OnGibberish()
    {
        var random = new Random(1);
        byte[] bytes = new byte[256];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                bytes.AsSpan(random.Next(64)).Clear();
            }

            MessageCodec.Read((MessageKind)random.Next(20), bytes.AsSpan(0, random.Next(256)), now: 0);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100_000, 0, 4_096);
    }

    [Fact]
    public void Deadlines_TravelAsRemainingLife()
    {
        (MessageKind kind, byte[] body) = Write(All()[0], now: 10_000);

        var read = (AppendMessage)MessageCodec.Read(kind, body, now: 500)!;

        Assert.Equal(1_000, read.Entries[0].Effects[0].Deadline);
        Assert.Equal(Effect.NoDeadline, read.Entries[0].Effects[1].Deadline);
    }

    [Theory]
    [InlineData(77, true)]
    [InlineData(78, false)]
    [InlineData(-1, false)]
    public void Read_TakesAQueryReply_OnlyOfReignsUpToTheOneThatAsks(long known, bool isTaken)
    {
        (MessageKind kind, byte[] body) = Write(
            new QueryReplyMessage(P, E, new Stamp(E, new Sequence(5)), Complete: true, new Epoch(known), []), now: 0);

        Assert.Equal(isTaken, MessageCodec.Read(kind, body, now: 0) is not null);
    }

    [Fact]
    public void Frame_IsRecognised_AndAnotherVersionIsNot()
    {
        var writer = new MessageWriter();
        var frame = new PeerFrame(1, 2, new NodeId(3), new NodeId(4), 5);
        frame.Write(writer);
        Assert.Equal(PeerFrame.HeaderSize, writer.Length);

        PeerFrame.Seal(writer, count: 0);
        byte[] bytes = writer.Written.ToArray();
        Assert.True(PeerFrame.TryRead(bytes, out PeerFrame read, out int count, out _));
        Assert.Equal((frame, 0), (read, count));

        bytes[2]++;
        Assert.False(PeerFrame.TryRead(bytes, out _, out _, out _));
    }

    private static Message[] All() => All(P, E, new Stamp(E, new Sequence(5)));

    /// <summary>A message of each kind, about a partition in a reign.</summary>
    internal static Message[] All(PartitionId partition, Epoch epoch, Stamp stamp)
    {
        var entry = new LogEntry(new Stamp(epoch, stamp.Sequence.Next), Effects, new NodeId(8), 12, [7]);
        var next = new LogEntry(new Stamp(epoch, entry.Stamp.Sequence.Next), Effects, new NodeId(8), 13, [7]);
        return
        [
            new AppendMessage(partition, epoch, stamp, new Sequence(4), new Sequence(6), 2, [entry, next]),
            new AckMessage(partition, epoch, new Sequence(5), 2, Complete: true),
            new NackMessage(partition, epoch),
            new FetchMessage(partition, epoch, stamp, Full: true),
            new ChunkMessage(
                partition, epoch, 9, stamp, 4, 4, stamp, Effects, [new RecentRequest(new NodeId(8), 12, stamp, [7])]),
            new ChunkAckMessage(partition, epoch, 9, 4),
            new QueryMessage(partition, epoch),
            new QueryReplyMessage(
                partition, epoch, stamp, Complete: true, new Epoch(epoch.Value - 1), [new NodeId(8), new NodeId(9)]),
            new PullMessage(partition, epoch, stamp, Full: false),
            new PullReplyMessage(partition, epoch, stamp, [entry]),
            new RequestMessage(partition, epoch, 12, 1, 2_000, IsWrite: true, 99, [1, 2, 3]),
            new ResponseMessage(partition, epoch, 12, 1, ResponseStatus.Ok, stamp, [4]),
            new QuorumReadMessage(partition, epoch, 12, 1, [5]),
            new QuorumReadReplyMessage(partition, epoch, 12, 1, Complete: true, stamp, [6]),
            new PingMessage(1),
            new MapChangedMessage(2),
        ];
    }

    private static (MessageKind Kind, byte[] Body) Write(Message message, long now)
    {
        var writer = new MessageWriter();
        MessageKind kind = MessageCodec.Write(writer, message, now);
        return (kind, writer.Written.ToArray());
    }
}
