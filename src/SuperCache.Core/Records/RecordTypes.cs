using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>Gives a record the type that the caller asked for.</summary>
internal static class RecordTypes
{
    /// <exception cref="RecordTypeException">The record is of another type.</exception>
    public static TRecord Cast<TRecord>(ITuple record)
        where TRecord : ITuple => record is TRecord typed ? typed : throw Mismatch(record.GetType(), typeof(TRecord));

    public static RecordTypeException Mismatch(Type found, Type asked) =>
        new(
            $"The record under the key is a {found}, not the {asked} that was asked for. "
            + "Ask for its own type, or use an untyped read.");
}
