namespace SuperCache.Wire;

/// <summary>A <see cref="Tuple"/> of one element.</summary>
internal sealed class TupleCodec<T1>(ValueCodec<T1> c1)
    : ValueCodec<Tuple<T1>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1>? value)
    {
        if (TupleHeader.Write(ref writer, value, 1))
        {
            c1.Write(ref writer, value!.Item1);
        }
    }

    public override Tuple<T1>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 1))
        {
            return null;
        }

        return new(c1.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of two elements.</summary>
internal sealed class TupleCodec<T1, T2>(ValueCodec<T1> c1, ValueCodec<T2> c2)
    : ValueCodec<Tuple<T1, T2>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2>? value)
    {
        if (TupleHeader.Write(ref writer, value, 2))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
        }
    }

    public override Tuple<T1, T2>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 2))
        {
            return null;
        }

        return new(c1.Read(ref reader), c2.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of three elements.</summary>
internal sealed class TupleCodec<T1, T2, T3>(ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3)
    : ValueCodec<Tuple<T1, T2, T3>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3>? value)
    {
        if (TupleHeader.Write(ref writer, value, 3))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
        }
    }

    public override Tuple<T1, T2, T3>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 3))
        {
            return null;
        }

        return new(c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of four elements.</summary>
internal sealed class TupleCodec<T1, T2, T3, T4>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4)
    : ValueCodec<Tuple<T1, T2, T3, T4>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3, c4), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3, T4>? value)
    {
        if (TupleHeader.Write(ref writer, value, 4))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
            c4.Write(ref writer, value.Item4);
        }
    }

    public override Tuple<T1, T2, T3, T4>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 4))
        {
            return null;
        }

        return new(c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of five elements.</summary>
internal sealed class TupleCodec<T1, T2, T3, T4, T5>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4, ValueCodec<T5> c5)
    : ValueCodec<Tuple<T1, T2, T3, T4, T5>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3, c4, c5), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3, T4, T5>? value)
    {
        if (TupleHeader.Write(ref writer, value, 5))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
            c4.Write(ref writer, value.Item4);
            c5.Write(ref writer, value.Item5);
        }
    }

    public override Tuple<T1, T2, T3, T4, T5>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 5))
        {
            return null;
        }

        return new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of six elements.</summary>
internal sealed class TupleCodec<T1, T2, T3, T4, T5, T6>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4, ValueCodec<T5> c5, ValueCodec<T6> c6)
    : ValueCodec<Tuple<T1, T2, T3, T4, T5, T6>?>(TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3, c4, c5, c6), 1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3, T4, T5, T6>? value)
    {
        if (TupleHeader.Write(ref writer, value, 6))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
            c4.Write(ref writer, value.Item4);
            c5.Write(ref writer, value.Item5);
            c6.Write(ref writer, value.Item6);
        }
    }

    public override Tuple<T1, T2, T3, T4, T5, T6>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 6))
        {
            return null;
        }

        return new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader), c6.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of seven elements.</summary>
internal sealed class TupleCodec<T1, T2, T3, T4, T5, T6, T7>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4,
    ValueCodec<T5> c5, ValueCodec<T6> c6, ValueCodec<T7> c7)
    : ValueCodec<Tuple<T1, T2, T3, T4, T5, T6, T7>?>(
        TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3, c4, c5, c6, c7),
        1)
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3, T4, T5, T6, T7>? value)
    {
        if (TupleHeader.Write(ref writer, value, 7))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
            c4.Write(ref writer, value.Item4);
            c5.Write(ref writer, value.Item5);
            c6.Write(ref writer, value.Item6);
            c7.Write(ref writer, value.Item7);
        }
    }

    public override Tuple<T1, T2, T3, T4, T5, T6, T7>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 7))
        {
            return null;
        }

        return new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader), c6.Read(ref reader), c7.Read(ref reader));
    }
}

/// <summary>A <see cref="Tuple"/> of seven elements and a rest.</summary>
internal sealed class TupleCodec<T1, T2, T3, T4, T5, T6, T7, TRest>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4,
    ValueCodec<T5> c5, ValueCodec<T6> c6, ValueCodec<T7> c7, ValueCodec<TRest> c8)
    : ValueCodec<Tuple<T1, T2, T3, T4, T5, T6, T7, TRest>?>(
        TypeDescriptor.Tuple(WireTypeCode.Tuple, c1, c2, c3, c4, c5, c6, c7, c8),
        1)
    where TRest : notnull
{
    public override void Write(ref PayloadWriter writer, Tuple<T1, T2, T3, T4, T5, T6, T7, TRest>? value)
    {
        if (TupleHeader.Write(ref writer, value, 8))
        {
            c1.Write(ref writer, value!.Item1);
            c2.Write(ref writer, value.Item2);
            c3.Write(ref writer, value.Item3);
            c4.Write(ref writer, value.Item4);
            c5.Write(ref writer, value.Item5);
            c6.Write(ref writer, value.Item6);
            c7.Write(ref writer, value.Item7);
            c8.Write(ref writer, value.Rest);
        }
    }

    public override Tuple<T1, T2, T3, T4, T5, T6, T7, TRest>? Read(ref PayloadReader reader)
    {
        if (!TupleHeader.Read(ref reader, 8))
        {
            return null;
        }

        T1 item1 = c1.Read(ref reader);
        T2 item2 = c2.Read(ref reader);
        T3 item3 = c3.Read(ref reader);
        T4 item4 = c4.Read(ref reader);
        T5 item5 = c5.Read(ref reader);
        T6 item6 = c6.Read(ref reader);
        T7 item7 = c7.Read(ref reader);
        TRest rest = c8.Read(ref reader);
        if (rest is null)
        {
            reader.Fail(WireReadResult.Malformed);
            return null;
        }

        return new(item1, item2, item3, item4, item5, item6, item7, rest);
    }
}
