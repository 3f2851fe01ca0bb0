namespace SuperCache;

/// <summary>The text of an error, in its parts, so that what it says of the cache's state can be said anew.</summary>
/// <param name="Problem">What went wrong.</param>
/// <param name="State">What is left changed; empty where nothing is said of it.</param>
/// <param name="Rest">What follows: advice, or more of what went wrong. May be empty.</param>
internal readonly record struct ErrorText(string Problem, string State = "", string Rest = "")
{
    private const string NothingChanged = "Nothing was changed.";
    private const string OthersMayBeChanged =
        "Other records of the call, here or in other partitions, may have been changed.";

    /// <summary>Whether the text says that nothing was changed.</summary>
    public bool SaysUnchanged => State == NothingChanged;

    /// <summary>A text that says nothing of the state.</summary>
    public static implicit operator ErrorText(string problem) => new(problem);

    /// <summary>The text of an error that left nothing changed.</summary>
    public static ErrorText Unchanged(string problem, string rest = "") => new(problem, NothingChanged, rest);

    /// <summary>The same error as part of a call that has changed something elsewhere.</summary>
    public ErrorText InPart() => this with { State = OthersMayBeChanged };

    /// <summary>The whole, as the exception's message.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Problem, State, Rest }.Where(part => part.Length > 0));
}
