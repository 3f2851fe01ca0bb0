namespace SuperCache.Wire;

/// <summary>What stands before the elements of a <see cref="Tuple"/>: nil for null, else an array header with the
/// arity.</summary>
internal static class TupleHeader
{
    /// <returns>Whether elements follow.</returns>
    public static bool Write(ref PayloadWriter writer, object? tuple, int arity)
    {
        if (tuple is null)
        {
            writer.WriteNil();
            return false;
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
