using System.Buffers.Binary;

namespace SuperCache.Wire;

/// <summary>Reads the messages of one frame. <see cref="Open"/> checks the whole frame; after it nothing can
/// fail.</summary>
/// <remarks>
/// <code>
/// if (FrameReader.Open(bytes, out FrameReader frame) == WireReadResult.Ok)
/// {
///     while (frame.MoveNext()) { …frame.Type, frame.Body… }
/// }
/// </code>
/// The bodies lie in the bytes read from. Allocates nothing.
/// </remarks>
internal struct FrameReader
{
    private ReadOnlyMemory<byte> _rest;

    private FrameReader(FrameHeader header, ReadOnlyMemory<byte> body)
    {
        Header = header;
        _rest = body;
    }

    public FrameHeader Header { get; }

    /// <summary>The type of the message that <see cref="MoveNext"/> moved to; perhaps one that this release does not
    /// know.</summary>
    public byte Type { get; private set; }

    /// <summary>The body of the message that <see cref="MoveNext"/> moved to.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Checks the header, the checksum, and that the messages fill the body exactly.</summary>
    /// <param name="frame">Bytes that another node sent; anything.</param>
    /// <param name="reader">Stands before the first message. Whether the frame was meant for this node and this
    /// cluster is the caller's to ask of <see cref="Header"/>.</param>
    public static WireReadResult Open(ReadOnlyMemory<byte> frame, out FrameReader reader)
    {
        reader = default;
        WireReadResult result = FrameHeader.Read(frame.Span, out FrameHeader header);
        if (result != WireReadResult.Ok)
        {
            return result;
        }

        ReadOnlyMemory<byte> body = frame[FrameHeader.Size..];
        if (!IsFilledBy(body.Span, header.Count))
        {
            return WireReadResult.Malformed;
        }

        reader = new FrameReader(header, body);
        return WireReadResult.Ok;
    }

    /// <summary>Moves to the next message; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> span = _rest.Span;
        int length = BinaryPrimitives.ReadInt32LittleEndian(span[sizeof(byte)..]);
        Type = span[0];
        Body = _rest.Slice(FrameHeader.MessageHeaderSize, length);
        _rest = _rest[(FrameHeader.MessageHeaderSize + length)..];
        return true;
    }

    private static bool IsFilledBy(ReadOnlySpan<byte> body, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (body.Length < FrameHeader.MessageHeaderSize)
            {
                return false;
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(body[sizeof(byte)..]);
            body = body[FrameHeader.MessageHeaderSize..];
            if (length > (uint)body.Length)
            {
                return false;
            }

            body = body[(int)length..];
        }

        return body.IsEmpty;
    }
}
