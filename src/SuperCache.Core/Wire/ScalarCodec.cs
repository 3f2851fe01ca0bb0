namespace SuperCache.Wire;

internal delegate void PayloadWrite<in T>(ref PayloadWriter writer, T value);

internal delegate T PayloadRead<out T>(ref PayloadReader reader);

/// <summary>The codec of a type that holds no other values. A null of a reference type is a nil.</summary>
internal sealed class ScalarCodec<T>(
    TypeDescriptor descriptor, int shortest, PayloadWrite<T> write, PayloadRead<T> read)
    : ValueCodec<T>(descriptor, typeof(T).IsValueType ? shortest : 1)
{
    public override void Write(ref PayloadWriter writer, T value)
    {
        if (!typeof(T).IsValueType)
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
        }

        write(ref writer, value);
    }

    public override T Read(ref PayloadReader reader)
    {
        if (!typeof(T).IsValueType && reader.TryReadNil())
        {
            return default!;
        }

        return read(ref reader);
    }
}
