using System.Buffers.Binary;
using System.IO.Hashing;

namespace SuperCache.Wire;

/// <summary>What stands before the messages of a frame. All numbers are little endian.</summary>
/// <remarks>
/// <code>
///  offset  size  field         meaning
///       0     2  magic         'S' 'C'
///       2     1  version       the form of the whole frame; a reader refuses one that it does not know
///       3     1  flags         FrameFlags; a reader refuses one that it does not know
///       4     4  cluster       hash of the cluster's name; a frame of another cluster is dropped
///       8     8  source        id of the sending node
///      16     8  destination   id of the receiving node, 0 for every node
///      24     4  body length   bytes after the header, all messages together
///      28     2  count         number of messages, 1 or more
///      30     2  reserved      0; a reader refuses anything else
///      32     8  checksum      XxHash3 of the body, seeded with the XxHash3 (seed 0) of bytes 0 to 31
///      40        body          count messages
///
///  each message
///       0     1  type          append only; a receiver skips and counts a type that it does not know
///       1     4  length        bytes of the body that follows
///       5        body          may grow at its end from release to release
/// </code>
/// </remarks>
internal readonly record struct FrameHeader
{
    /// <summary>The form that this release writes, and the newest it reads.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>The oldest form that this release reads.</summary>
    public const byte OldestVersion = 1;

    /// <summary>Bytes of the header.</summary>
    public const int Size = ChecksumAt + sizeof(ulong);

    /// <summary>Bytes before the body of a message.</summary>
    public const int MessageHeaderSize = sizeof(byte) + sizeof(uint);

    /// <summary>The destination that means every node.</summary>
    public const ulong EveryNode = 0;

    private const ushort Magic = 'S' | ('C' << 8);
    private const int VersionAt = 2;
    private const int FlagsAt = 3;
    private const int ClusterAt = 4;
    private const int SourceAt = 8;
    private const int DestinationAt = 16;
    private const int BodyLengthAt = 24;
    private const int CountAt = 28;
    private const int ReservedAt = 30;
    private const int ChecksumAt = 32;

    public FrameFlags Flags { get; init; }

    public uint Cluster { get; init; }

    public ulong Source { get; init; }

    public ulong Destination { get; init; }

    /// <summary>Bytes of all messages together.</summary>
    public int BodyLength { get; init; }

    /// <summary>Number of messages.</summary>
    public ushort Count { get; init; }

    /// <summary>Writes the header before a body that is complete.</summary>
    /// <param name="frame">The frame; its first <see cref="Size"/> bytes are overwritten.</param>
    public void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame, Magic);
        frame[VersionAt] = CurrentVersion;
        frame[FlagsAt] = (byte)Flags;
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ClusterAt..], Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[SourceAt..], Source);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[DestinationAt..], Destination);
        BinaryPrimitives.WriteInt32LittleEndian(frame[BodyLengthAt..], BodyLength);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[CountAt..], Count);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[ReservedAt..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[ChecksumAt..], Checksum(frame));
    }

    /// <summary>Reads the header of a whole frame, and checks all that can be checked without reading
    /// messages.</summary>
    public static WireReadResult Read(ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        if (frame.Length < Size)
        {
            return WireReadResult.Truncated;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(frame) != Magic)
        {
            return WireReadResult.Malformed;
        }

        if (frame[VersionAt] is < OldestVersion or > CurrentVersion)
        {
            return WireReadResult.UnknownVersion;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame[BodyLengthAt..]);
        WireReadResult result = CheckLength(length, frame.Length - Size);
        if (result != WireReadResult.Ok)
        {
            return result;
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(frame[ChecksumAt..]) != Checksum(frame))
        {
            return WireReadResult.WrongChecksum;
        }

        // Only now are the fields what a sender wrote, so that what follows says something about the sender.
        if ((frame[FlagsAt] & ~(byte)FrameFlags.Known) != 0)
        {
            return WireReadResult.UnknownVersion;
        }

        header = new FrameHeader
        {
            Flags = (FrameFlags)frame[FlagsAt],
            Cluster = BinaryPrimitives.ReadUInt32LittleEndian(frame[ClusterAt..]),
            Source = BinaryPrimitives.ReadUInt64LittleEndian(frame[SourceAt..]),
            Destination = BinaryPrimitives.ReadUInt64LittleEndian(frame[DestinationAt..]),
            BodyLength = (int)length,
            Count = BinaryPrimitives.ReadUInt16LittleEndian(frame[CountAt..]),
        };
        bool isReservedZero = BinaryPrimitives.ReadUInt16LittleEndian(frame[ReservedAt..]) == 0;
        return isReservedZero && header.Count > 0 ? WireReadResult.Ok : WireReadResult.Malformed;
    }

    private static WireReadResult CheckLength(uint announced, int actual) =>
        announced > WireLimits.MaxFrameBodyBytes ? WireReadResult.TooLarge
        : announced > (uint)actual ? WireReadResult.Truncated
        : announced < (uint)actual ? WireReadResult.Malformed
        : WireReadResult.Ok;

    private static ulong Checksum(ReadOnlySpan<byte> frame)
    {
        ulong seed = XxHash3.HashToUInt64(frame[..ChecksumAt]);
        return XxHash3.HashToUInt64(frame[Size..], (long)seed);
    }
}
