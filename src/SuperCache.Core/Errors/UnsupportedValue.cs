namespace SuperCache;

/// <summary>Why a value does not travel to other nodes; the texts of <see cref="UnsupportedValueException"/>.</summary>
internal static class UnsupportedValue
{
    private const string Register = "Register the type under a short name at every node, with WireTypeRegistry.";

    public static UnsupportedValueException UnknownType(Type type) =>
        new($"{type} does not travel to other nodes. {Register}");

    public static UnsupportedValueException TooLargeAType(Type type) =>
        new($"{type} is nested too deep or too large a type to travel. Make it smaller, or register a type of your own "
            + "in its place.");

    public static UnsupportedValueException NotAsDeclared(Type found, Type declared) =>
        new($"{found} stands where {declared} is declared, so that it would come back as another type. "
            + $"Declare it as {found} or as object.");

    public static UnsupportedValueException SerializerFailed(Type type, Exception reason) =>
        new($"The serializer registered for {type} failed: {reason.Message} Correct it, or the value.", reason);

    public static UnsupportedValueException NoKey(Type type) =>
        new(ErrorText.Unchanged(
            $"{type} cannot be a key in a cluster: the key that comes back from its bytes does not equal it, so that "
            + "its record could not be found again. Use a type whose Equals compares what it holds, such as a string "
            + "or a tuple of such."));

    public static UnsupportedValueException NotItsText(Type type) =>
        new($"A {type} that was made with options does not travel: its text makes another one. Make it from its text "
            + "alone, or send the text.");

    public static UnsupportedValueException TooDeep(int limit) =>
        new($"Values are nested more than {limit} deep. Make them flatter, or register a type of your own for them.");

    public static UnsupportedValueException TooLarge(int length, int limit) =>
        new($"It takes {length} bytes; at most {limit} travel. Divide it.");

    /// <summary>Names the place: an element of a record, or the value as a whole.</summary>
    public static UnsupportedValueException At(string place, UnsupportedValueException reason) =>
        new(
            ErrorText.Unchanged($"{place} cannot be sent to other nodes. {reason.Message}"),
            reason.InnerException ?? reason);
}
