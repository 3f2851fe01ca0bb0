using System.Buffers.Binary;
using System.IO.Hashing;
using SuperCache.Identity;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class FrameTests
{
    private const uint Cluster = 0xC0FFEE;
    private const ulong Lineage = 0x9999_AAAA_BBBB_CCCC;
    private const ulong Source = 0x1111_2222_3333_4444;
    private const ulong Destination = 0x5555_6666_7777_8888;
    private const long Number = 0x0102_0304_0506_0708;
    private const int ChecksumAt = 42;

    [Fact]
    public void Header_IsAsTheTableSays()
    {
        byte[] frame = Frame((7, [1, 2, 3]), (8, []));

        Assert.Equal(50, PeerFrame.HeaderSize);
        Assert.Equal("SC"u8, frame.AsSpan(0, 2));
        Assert.Equal(2, frame[2]);
        Assert.Equal(0, frame[3]);
        Assert.Equal(Cluster, BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(4)));
        Assert.Equal(Lineage, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(8)));
        Assert.Equal(Source, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(16)));
        Assert.Equal(Destination, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(24)));
        Assert.Equal(Number, BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(32)));
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(40)));
        Assert.Equal([7, 3, 0, 0, 0, 1, 2, 3, 8, 0, 0, 0, 0], frame[PeerFrame.HeaderSize..]);
        byte[] resealed = [.. frame];
        Seal(resealed);
        Assert.Equal(resealed, frame);
    }

    [Fact]
    public void Reader_GivesBackEveryMessageInOrder()
    {
        (byte Kind, byte[] Body)[] sent = [(1, [1, 2, 3]), (255, []), (1, new byte[70_000])];

        Assert.True(PeerFrame.TryRead(Frame(sent), out PeerFrame frame, out int count, out MessageReader reader));

        Assert.Equal(
            new PeerFrame(Cluster, Lineage, new NodeId(Source), new NodeId(Destination), Number), frame);
        Assert.Equal(3, count);
        foreach ((byte kind, byte[] body) in sent)
        {
            Assert.Equal(kind, reader.U8());
            Assert.Equal(body, reader.Slice(reader.U32()).ToArray());
        }

        Assert.Equal((0, false), (reader.Remaining, reader.Failed));
    }

    [Fact]
    public void Reader_RefusesEveryPrefix_AndWhatIsLonger()
    {
        byte[] frame = Frame((1, [1, 2, 3]), (2, [4]));
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(IsTaken(frame[..length]));
        }

        Assert.False(IsTaken([.. frame, 0]));
    }

    [Fact]
    public void Reader_RefusesAFrame_WithAnyBitChanged()
    {
        byte[] frame = Frame((1, [1, 2, 3]), (2, [4]));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IsTaken(frame), $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(IsTaken(frame));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reader_RefusesAnotherMagicVersionOrFlag_ThoughTheChecksumIsRight(int at)
    {
        byte[] frame = Frame((1, [1, 2, 3]));
        frame[at]++;
        Seal(frame);

        Assert.False(IsTaken(frame));
    }

    /// <summary>A frame of some messages, as the outbox makes them.</summary>
    internal static byte[] Frame(params (byte Kind, byte[] Body)[] messages)
    {
        var writer = new MessageWriter();
        new PeerFrame(Cluster, Lineage, new NodeId(Source), new NodeId(Destination), Number).Write(writer);
        foreach ((byte kind, byte[] body) in messages)
        {
            writer.U8(kind);
            writer.Bytes(body);
        }

        PeerFrame.Seal(writer, messages.Length);
        return writer.Written.ToArray();
    }

    /// <summary>Puts the right checksum on a frame that was tampered with, written from the documented layout
    /// alone.</summary>
    internal static void Seal(Span<byte> frame)
    {
        ulong seed = XxHash3.HashToUInt64(frame[..ChecksumAt]);
        ulong checksum = XxHash3.HashToUInt64(frame[(ChecksumAt + sizeof(ulong))..], (long)seed);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[ChecksumAt..], checksum);
    }

    private static bool IsTaken(byte[] frame) => PeerFrame.TryRead(frame, out _, out _, out _);
}
