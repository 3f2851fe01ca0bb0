namespace SuperCache.Wire;

/// <summary>A type that the application registered: nil, or a bin with what its serializer wrote.</summary>
internal sealed class RegisteredCodec<T>(string name, IWireSerializer<T> serializer)
    : ValueCodec<T?>(TypeDescriptor.Named(WireTypeCode.Registered, name), 1)
{
    public override void Write(ref PayloadWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        if (value.GetType() != typeof(T))
        {
            throw UnsupportedValue.NotAsDeclared(value.GetType(), typeof(T));
        }

        using var bytes = new WireBuffer();
        try
        {
            serializer.Serialize(value, bytes);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnsupportedValueException))
        {
            throw UnsupportedValue.SerializerFailed(typeof(T), e);
        }

        writer.WriteBytes(bytes.Written);
    }

    public override T? Read(ref PayloadReader reader)
    {
        if (!typeof(T).IsValueType && reader.TryReadNil())
        {
            return default;
        }

        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        if (reader.Failed)
        {
            return default;
        }

        try
        {
            T value = serializer.Deserialize(bytes);
            if (value?.GetType() == typeof(T))
            {
                return value;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The application's serializer may throw what it likes at bytes that it did not write; it is asked
            // nothing else.
        }

        reader.Fail(WireReadResult.Malformed);
        return default;
    }
}
