namespace SuperCache.Wire;

/// <summary>What stands before the elements of a <see cref="Tuple"/>: nil for null, else an array header with the
/// arity.</summary>
internal static class TupleHeader
{
    /// <returns>Whether elements follow.</returns>
    /// <exception cref="UnsupportedValueException">It is of a class derived from <typeparamref name="TTuple"/>, and
    /// would come back without what that adds.</exception>
    public static bool Write<TTuple>(ref PayloadWriter writer, TTuple? tuple, int arity)
        where TTuple : class
    {
        if (tuple is null)
        {
            writer.WriteNil();
            return false;
        }

        if (tuple.GetType() != typeof(TTuple))
        {
            throw UnsupportedValue.NotAsDeclared(tuple.GetType(), typeof(TTuple));
        }

        writer.WriteCount(arity);
        return true;
    }

    /// <returns>Whether elements follow; false also after a failure.</returns>
    public static bool Read(ref PayloadReader reader, int arity)
    {
        if (reader.TryReadNil())
        {
            return false;
        }

        // The elements are no items of a sequence: nothing is owed to them.
        if (reader.ReadCount(0) != arity)
        {
            reader.Fail(WireReadResult.Malformed);
        }

        return !reader.Failed;
    }
}
