namespace SuperCache.Wire;

/// <summary>A value tuple of one element.</summary>
internal sealed class ValueTupleCodec<T1>(ValueCodec<T1> c1)
    : ValueCodec<ValueTuple<T1>>(TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1), c1.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1> value)
    {
        c1.Write(ref writer, value.Item1);
    }

    public override ValueTuple<T1> Read(ref PayloadReader reader) =>
        new(c1.Read(ref reader));
}

/// <summary>A value tuple of two elements.</summary>
internal sealed class ValueTupleCodec<T1, T2>(ValueCodec<T1> c1, ValueCodec<T2> c2)
    : ValueCodec<ValueTuple<T1, T2>>(TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2), c1.Shortest + c2.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
    }

    public override ValueTuple<T1, T2> Read(ref PayloadReader reader) =>
        new(c1.Read(ref reader), c2.Read(ref reader));
}

/// <summary>A value tuple of three elements.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3>(ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3)
    : ValueCodec<ValueTuple<T1, T2, T3>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3),
        c1.Shortest + c2.Shortest + c3.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
    }

    public override ValueTuple<T1, T2, T3> Read(ref PayloadReader reader) =>
        new(c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader));
}

/// <summary>A value tuple of four elements.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3, T4>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4)
    : ValueCodec<ValueTuple<T1, T2, T3, T4>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3, c4),
        c1.Shortest + c2.Shortest + c3.Shortest + c4.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3, T4> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
        c4.Write(ref writer, value.Item4);
    }

    public override ValueTuple<T1, T2, T3, T4> Read(ref PayloadReader reader) =>
        new(c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader));
}

/// <summary>A value tuple of five elements.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3, T4, T5>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4, ValueCodec<T5> c5)
    : ValueCodec<ValueTuple<T1, T2, T3, T4, T5>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3, c4, c5),
        c1.Shortest + c2.Shortest + c3.Shortest + c4.Shortest + c5.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3, T4, T5> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
        c4.Write(ref writer, value.Item4);
        c5.Write(ref writer, value.Item5);
    }

    public override ValueTuple<T1, T2, T3, T4, T5> Read(ref PayloadReader reader) =>
        new(c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader), c5.Read(ref reader));
}

/// <summary>A value tuple of six elements.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3, T4, T5, T6>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4, ValueCodec<T5> c5, ValueCodec<T6> c6)
    : ValueCodec<ValueTuple<T1, T2, T3, T4, T5, T6>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3, c4, c5, c6),
        c1.Shortest + c2.Shortest + c3.Shortest + c4.Shortest + c5.Shortest + c6.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3, T4, T5, T6> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
        c4.Write(ref writer, value.Item4);
        c5.Write(ref writer, value.Item5);
        c6.Write(ref writer, value.Item6);
    }

    public override ValueTuple<T1, T2, T3, T4, T5, T6> Read(ref PayloadReader reader) =>
        new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader), c6.Read(ref reader));
}

/// <summary>A value tuple of seven elements.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3, T4, T5, T6, T7>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4,
    ValueCodec<T5> c5, ValueCodec<T6> c6, ValueCodec<T7> c7)
    : ValueCodec<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3, c4, c5, c6, c7),
        c1.Shortest + c2.Shortest + c3.Shortest + c4.Shortest + c5.Shortest + c6.Shortest + c7.Shortest)
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3, T4, T5, T6, T7> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
        c4.Write(ref writer, value.Item4);
        c5.Write(ref writer, value.Item5);
        c6.Write(ref writer, value.Item6);
        c7.Write(ref writer, value.Item7);
    }

    public override ValueTuple<T1, T2, T3, T4, T5, T6, T7> Read(ref PayloadReader reader) =>
        new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader), c6.Read(ref reader), c7.Read(ref reader));
}

/// <summary>A value tuple of seven elements and a rest.</summary>
internal sealed class ValueTupleCodec<T1, T2, T3, T4, T5, T6, T7, TRest>(
    ValueCodec<T1> c1, ValueCodec<T2> c2, ValueCodec<T3> c3, ValueCodec<T4> c4,
    ValueCodec<T5> c5, ValueCodec<T6> c6, ValueCodec<T7> c7, ValueCodec<TRest> c8)
    : ValueCodec<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>>(
        TypeDescriptor.Tuple(WireTypeCode.ValueTuple, c1, c2, c3, c4, c5, c6, c7, c8),
        c1.Shortest + c2.Shortest + c3.Shortest + c4.Shortest + c5.Shortest + c6.Shortest + c7.Shortest + c8.Shortest)
    where TRest : struct
{
    public override void Write(ref PayloadWriter writer, ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> value)
    {
        c1.Write(ref writer, value.Item1);
        c2.Write(ref writer, value.Item2);
        c3.Write(ref writer, value.Item3);
        c4.Write(ref writer, value.Item4);
        c5.Write(ref writer, value.Item5);
        c6.Write(ref writer, value.Item6);
        c7.Write(ref writer, value.Item7);
        c8.Write(ref writer, value.Rest);
    }

    public override ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> Read(ref PayloadReader reader) =>
        new(
            c1.Read(ref reader), c2.Read(ref reader), c3.Read(ref reader), c4.Read(ref reader),
            c5.Read(ref reader), c6.Read(ref reader), c7.Read(ref reader), c8.Read(ref reader));
}
