namespace SuperCache.Wire;

/// <summary>Reads one element of a tuple whose others need not be readable here: the key of a record that is of a type
/// which this node does not know.</summary>
internal static class ElementReader
{
    private const int RestPosition = 7;

    /// <summary>Reads the element at a position; null when it is, or when it cannot be read.</summary>
    public static object? Read(ref PayloadReader reader, int position) =>
        Read(ref reader, reader.ReadDescriptorBytes(), position);

    private static object? Read(ref PayloadReader reader, scoped ReadOnlySpan<byte> tuple, int position)
    {
        WireTypeCode code = tuple.Length < 2 ? WireTypeCode.Null : (WireTypeCode)tuple[0];
        if (code is not (WireTypeCode.ValueTuple or WireTypeCode.Tuple)
            || (code == WireTypeCode.Tuple && !TupleHeader.Read(ref reader, tuple[1])))
        {
            reader.Fail(WireReadResult.Malformed);
            return null;
        }

        ReadOnlySpan<byte> rest = tuple[2..];
        for (int i = 0; i < tuple[1] && !reader.Failed; i++)
        {
            TypeDescriptor.Measure(rest, out int length);
            ReadOnlySpan<byte> part = rest[..length];
            rest = rest[length..];
            if (i == RestPosition)
            {
                return Read(ref reader, part, position - RestPosition);
            }

            if (i == position)
            {
                return CodecOf(ref reader, part)?.ReadObject(ref reader);
            }

            Skip(ref reader, part);
        }

        reader.Fail(WireReadResult.Malformed);
        return null;
    }

    private static ValueCodec? CodecOf(ref PayloadReader reader, scoped ReadOnlySpan<byte> type)
    {
        if (type[0] == (byte)WireTypeCode.Object)
        {
            return reader.Codecs.Objects;
        }

        WireReadResult result = reader.Codecs.Find(type, out ValueCodec? codec, out _);
        if (result != WireReadResult.Ok)
        {
            reader.Fail(result);
        }

        return codec;
    }

    /// <summary>Reads over an element before the one that is wanted: one that can be read, or one whose name alone is
    /// unknown.</summary>
    private static void Skip(ref PayloadReader reader, scoped ReadOnlySpan<byte> type)
    {
        var code = (WireTypeCode)type[0];
        if (code == WireTypeCode.Object && reader.Enter())
        {
            ReadOnlySpan<byte> own = reader.ReadDescriptorBytes();
            if (own is not [] and not [(byte)WireTypeCode.Null])
            {
                Skip(ref reader, own);
            }

            reader.Leave();
        }
        else if (code is WireTypeCode.Enum or WireTypeCode.Registered)
        {
            reader.SkipNamed();
        }
        else
        {
            _ = CodecOf(ref reader, type)?.ReadObject(ref reader);
        }
    }
}
