namespace SuperCache.Wire;

/// <summary>An element declared as a nullable value type: nil, or true and the payload.</summary>
/// <remarks>The true is there because a payload may itself begin with a nil. A nullable in an object is boxed as its
/// value or as null, so that this codec is never asked for one.</remarks>
internal sealed class NullableCodec<T>(ValueCodec<T> inner)
    : ValueCodec<T?>(TypeDescriptor.Of(WireTypeCode.Nullable, inner.Descriptor), 1)
    where T : struct
{
    public override void Write(ref PayloadWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteBoolean(true);
        inner.Write(ref writer, value.Value);
    }

    public override T? Read(ref PayloadReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (!reader.ReadBoolean())
        {
            reader.Fail(WireReadResult.Malformed);
            return null;
        }

        return inner.Read(ref reader);
    }
}
