using System.Buffers.Binary;
using SuperCache.Wire;
using Xunit;

namespace SuperCache.Core.Tests.Wire;

public sealed class FrameTests
{
    private const uint Cluster = 0xC0FFEE;
    private const ulong Source = 0x1111_2222_3333_4444;
    private const ulong Destination = 0x5555_6666_7777_8888;

    [Fact]
    public void Header_IsAsTheTableSays()
    {
        byte[] frame = Frame((7, [1, 2, 3]), (8, []));

        Assert.Equal(40, FrameHeader.Size);
        Assert.Equal(5, FrameHeader.MessageHeaderSize);
        Assert.Equal(FrameHeader.Size + (2 * FrameHeader.MessageHeaderSize) + 3, frame.Length);
        Assert.Equal("SC"u8, frame.AsSpan(0, 2));
        Assert.Equal(1, frame[2]);
        Assert.Equal(0, frame[3]);
        Assert.Equal(Cluster, BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(4)));
        Assert.Equal(Source, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(8)));
        Assert.Equal(Destination, BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(16)));
        Assert.Equal(13u, BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(24)));
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(28)));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(30)));
        Assert.Equal([7, 3, 0, 0, 0, 1, 2, 3, 8, 0, 0, 0, 0], frame[FrameHeader.Size..]);
    }

    [Fact]
    public void Reader_GivesBackEveryMessageInOrder()
    {
        (byte Type, byte[] Body)[] sent = [(1, [1, 2, 3]), (255, []), (1, new byte[70_000])];

        Assert.Equal(WireReadResult.Ok, FrameReader.Open(Frame(sent), out FrameReader reader));
        FrameHeader header = reader.Header;
        Assert.Equal((Cluster, Source, Destination), (header.Cluster, header.Source, header.Destination));
        Assert.Equal(3, header.Count);
        foreach ((byte type, byte[] body) in sent)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(type, reader.Type);
            Assert.Equal(body, reader.Body.ToArray());
        }

        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void Reader_RefusesEveryPrefix_AsTruncated()
    {
        byte[] frame = Frame((1, [1, 2, 3]), (2, [4]));
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.Equal(WireReadResult.Truncated, FrameReader.Open(frame.AsMemory(0, length), out _));
        }
    }

    [Fact]
    public void Reader_RefusesEveryChangedBit()
    {
        byte[] frame = Frame((1, [1, 2, 3]), (2, [4]));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(WireReadResult.Ok, FrameReader.Open(frame, out _));
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Reader_SaysWhatIsWrong()
    {
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[0] = (byte)'X'));
        Assert.Equal(WireReadResult.UnknownVersion, Opened(frame => frame[2] = 2));
        Assert.Equal(WireReadResult.UnknownVersion, Opened(frame => frame[2] = 0));
        Assert.Equal(WireReadResult.WrongChecksum, Opened(frame => frame[^1] ^= 1));
        Assert.Equal(WireReadResult.WrongChecksum, Opened(frame => frame[16] ^= 1));
        Assert.Equal(WireReadResult.TooLarge, Opened(frame => frame[27] = 0xFF));
        Assert.Equal(WireReadResult.Truncated, Opened(frame => frame[24]++));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[24]--));
    }

    [Fact]
    public void Reader_RefusesWhatNoSenderWrites_ThoughTheChecksumIsRight()
    {
        Assert.Equal(WireReadResult.UnknownVersion, Opened(frame => frame[3] = 1, reseal: true));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[30] = 1, reseal: true));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[28] = 0, reseal: true));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[28] = 3, reseal: true));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[28] = 1, reseal: true));
        Assert.Equal(WireReadResult.Malformed, Opened(frame => frame[FrameHeader.Size + 4] = 0xFF, reseal: true));
    }

    [Fact]
    public void Writer_TakesAnAbandonedMessageBack()
    {
        using var buffer = new WireBuffer();
        var writer = new FrameWriter(buffer, Cluster, Source, Destination);
        Add(writer, buffer, 1, [1]);
        writer.Begin(2);
        buffer.Write([1, 2, 3]);
        writer.Abandon();
        writer.Complete();

        Assert.Equal(Frame((1, [1])), buffer.ToArray());
    }

    [Fact]
    public void Writer_RefusesAFrameThatNoReaderWouldTake()
    {
        using var buffer = new WireBuffer();
        var writer = new FrameWriter(buffer, Cluster, Source, Destination);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Add(writer, buffer, 1, new byte[WireLimits.MaxFrameBodyBytes]);
        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    internal static byte[] Frame(params (byte Type, byte[] Body)[] messages)
    {
        using var buffer = new WireBuffer();
        var writer = new FrameWriter(buffer, Cluster, Source, Destination);
        foreach ((byte type, byte[] body) in messages)
        {
            Add(writer, buffer, type, body);
        }

        writer.Complete();
        return buffer.ToArray();
    }

    private static void Add(FrameWriter writer, WireBuffer buffer, byte type, byte[] body)
    {
        writer.Begin(type);
        buffer.Write(body);
        writer.End();
    }

    private static WireReadResult Opened(Action<byte[]> change, bool reseal = false)
    {
        byte[] frame = Frame((1, [1, 2, 3]), (2, [4]));
        change(frame);
        if (reseal)
        {
            FrameSeal.Renew(frame);
        }

        return FrameReader.Open(frame, out _);
    }
}
