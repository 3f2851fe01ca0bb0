using System.Buffers.Binary;
using System.IO.Hashing;
using SuperCache.Wire;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Puts the right checksum on a frame that was tampered with, written from the documented layout
/// alone.</summary>
internal static class FrameSeal
{
    private const int ChecksumAt = 32;

    public static void Renew(Span<byte> frame)
    {
        ulong seed = XxHash3.HashToUInt64(frame[..ChecksumAt]);
        ulong checksum = XxHash3.HashToUInt64(frame[FrameHeader.Size..], (long)seed);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[ChecksumAt..], checksum);
    }

    /// <summary>Sets the body's length to what it is, and then the checksum.</summary>
    public static void RenewWithLength(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], frame.Length - FrameHeader.Size);
        Renew(frame);
    }
}
