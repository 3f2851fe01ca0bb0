using System.IO.Hashing;
using SuperCache.Cluster;
using SuperCache.Identity;

namespace SuperCache.Wire;

/// <summary>How the bytes of a frame were taken.</summary>
internal enum FrameVerdict
{
    /// <summary>A frame for this node.</summary>
    Ok,

    /// <summary>No frame, a truncated or damaged one, or of another wire version.</summary>
    Malformed,

    /// <summary>A frame of another cluster or lineage, or for another node.</summary>
    Foreign,

    /// <summary>A message of a known kind could not be read; the others of the frame were taken.</summary>
    BadMessage,

    /// <summary>A message of an unknown kind was skipped; the others of the frame were taken.</summary>
    UnknownMessage,
}

/// <summary>
/// What stands before the messages of a frame. Little endian:
/// <code>
/// offset size field
///      0    2 magic "SC"
///      2    1 wire version
///      3    1 flags, 0
///      4    4 hash of the cluster's name
///      8    8 lineage of the sender's map, 0 before its first
///     16    8 source
///     24    8 destination, 0 for all
///     32    8 number of the frame, growing by one from each source to each destination
///     40    2 count of messages
///     42    8 checksum: XxHash3 of what follows it, seeded with the XxHash3 (seed 0) of what stands before it
///     50      count times: kind u8, length u32, body
/// </code>
/// Kinds that a reader does not know are skipped by their length. The checksum finds damage, not malice. Version 1 had
/// none, and its messages at 42.
/// </summary>
/// <param name="Cluster">Hash of the cluster's name.</param>
/// <param name="Lineage">Lineage of the sender's map.</param>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver; none for all.</param>
/// <param name="Number">Repeated frames are recognised by it.</param>
internal readonly record struct PeerFrame(uint Cluster, ulong Lineage, NodeId Source, NodeId Destination, long Number)
{
    /// <summary>Bytes before the first message.</summary>
    public const int HeaderSize = ChecksumOffset + sizeof(ulong);

    /// <summary>Where the count of messages stands.</summary>
    public const int CountOffset = 40;

    /// <summary>Where the checksum stands.</summary>
    public const int ChecksumOffset = 42;

    /// <summary>The wire version this code speaks.</summary>
    public const byte WireVersion = WireRange.Current;

    private const int Magic = 'S' | ('C' << 8);

    /// <summary>Writes the header with a count of 0 and no checksum; see <see cref="Seal"/>.</summary>
    public void Write(MessageWriter writer)
    {
        writer.U16(Magic);
        writer.U8(WireVersion);
        writer.U8(0);
        writer.U32(Cluster);
        writer.U64(Lineage);
        writer.Node(Source);
        writer.Node(Destination);
        writer.I64(Number);
        writer.U16(0);
        writer.U64(0);
    }

    /// <summary>Completes a frame by the count of its messages and its checksum.</summary>
    public static void Seal(MessageWriter writer, int count)
    {
        writer.PatchU16(CountOffset, count);
        writer.PatchU64(ChecksumOffset, ChecksumOf(writer.Written));
    }

    /// <summary>Reads a header, and finds whether the frame is whole.</summary>
    /// <param name="bytes">A frame, or anything.</param>
    /// <param name="frame">The header.</param>
    /// <param name="count">How many messages follow.</param>
    /// <param name="reader">Stands at the first message.</param>
    /// <returns>Whether it is a frame of this wire version, as it was sent.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, out PeerFrame frame, out int count, out MessageReader reader)
    {
        reader = new MessageReader(bytes);
        int magic = reader.U16();
        byte version = reader.U8();
        byte flags = reader.U8();
        frame = new PeerFrame(reader.U32(), reader.U64(), reader.Node(), reader.Node(), reader.I64());
        count = reader.U16();
        ulong checksum = reader.U64();
        return !reader.Failed && magic == Magic && version == WireVersion && flags == 0
            && checksum == ChecksumOf(bytes);
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> frame)
    {
        ulong seed = XxHash3.HashToUInt64(frame[..ChecksumOffset]);
        return XxHash3.HashToUInt64(frame[HeaderSize..], unchecked((long)seed));
    }
}
