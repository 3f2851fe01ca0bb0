namespace SuperCache.Wire;

/// <summary>A value that describes itself: the descriptor of its run-time type, then its payload.</summary>
/// <remarks>So is every value that is written on its own, and every element that is declared as <see cref="object"/>:
/// it comes back as an object of the same run-time type.</remarks>
internal sealed class ObjectCodec() : ValueCodec<object?>(TypeDescriptor.Of(WireTypeCode.Object), 1)
{
    public override void Write(ref PayloadWriter writer, object? value)
    {
        if (value is null)
        {
            writer.WriteRaw(NullCodec.Instance.Descriptor.Bytes);
            return;
        }

        // A bare object has a codec only as a declared type: it holds nothing that could be sent.
        Type type = value.GetType();
        ValueCodec? found = type == typeof(object) ? null : writer.Codecs.Of(type);
        ValueCodec codec = found ?? throw writer.Codecs.Refusal(type);
        writer.Enter();
        writer.WriteRaw(codec.Descriptor.Bytes);
        codec.WriteObject(ref writer, value);
        writer.Leave();
    }

    public override object? Read(ref PayloadReader reader)
    {
        ValueCodec? codec = reader.ReadDescriptor();
        if (codec is null || !reader.Enter())
        {
            return null;
        }

        object? value = codec.ReadObject(ref reader);
        reader.Leave();
        if (value is null && codec != NullCodec.Instance)
        {
            // Null has one form only: its own descriptor.
            reader.Fail(WireReadResult.Malformed);
        }

        return value;
    }
}

/// <summary>The null that describes itself; it has no payload.</summary>
internal sealed class NullCodec() : ValueCodec(typeof(object), TypeDescriptor.Of(WireTypeCode.Null), 1)
{
    public static NullCodec Instance { get; } = new();

    public override int MemoryBytes => 0;

    public override void WriteObject(ref PayloadWriter writer, object value)
    {
    }

    public override object? ReadObject(ref PayloadReader reader) => null;
}
