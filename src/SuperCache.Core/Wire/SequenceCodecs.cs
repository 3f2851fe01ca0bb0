namespace SuperCache.Wire;

/// <summary>An array of one dimension that begins at 0: nil, or a count and as many payloads.</summary>
internal sealed class ArrayCodec<T>(ValueCodec<T> item)
    : ValueCodec<T[]?>(TypeDescriptor.Of(WireTypeCode.Array, item.Descriptor), 1)
{
    public override void Write(ref PayloadWriter writer, T[]? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        if (value.GetType() != typeof(T[]))
        {
            throw UnsupportedValue.NotAsDeclared(value.GetType(), typeof(T[]));
        }

        writer.WriteCount(value.Length);
        foreach (T element in value)
        {
            item.Write(ref writer, element);
        }
    }

    public override T[]? Read(ref PayloadReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        int count = reader.ReadCount(item.Shortest);
        T[] items = count == 0 ? [] : new T[count];
        for (int i = 0; i < items.Length && !reader.Failed; i++)
        {
            reader.BeginItem(item.Shortest);
            items[i] = item.Read(ref reader);
        }

        return items;
    }
}

/// <summary>A <see cref="List{T}"/>: nil, or a count and as many payloads.</summary>
internal sealed class ListCodec<T>(ValueCodec<T> item)
    : ValueCodec<List<T>?>(TypeDescriptor.Of(WireTypeCode.List, item.Descriptor), 1)
{
    public override void Write(ref PayloadWriter writer, List<T>? value)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        if (value.GetType() != typeof(List<T>))
        {
            throw UnsupportedValue.NotAsDeclared(value.GetType(), typeof(List<T>));
        }

        writer.WriteCount(value.Count);
        foreach (T element in value)
        {
            item.Write(ref writer, element);
        }
    }

    public override List<T>? Read(ref PayloadReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        int count = reader.ReadCount(item.Shortest);
        var items = new List<T>(count);
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            reader.BeginItem(item.Shortest);
            items.Add(item.Read(ref reader));
        }

        return items;
    }
}
