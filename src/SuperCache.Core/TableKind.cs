namespace SuperCache;

/// <summary>How many records a key may have, and in which order they are visited.</summary>
/// <remarks>Source: the table types of the Erlang term storage (ETS).</remarks>
public enum TableKind
{
    /// <summary>One record a key; a put replaces it. The fastest kind and the default.</summary>
    Set = 0,

    /// <summary>One record a key; scans, matches and listings visit keys in ascending order within a
    /// partition.</summary>
    OrderedSet = 1,

    /// <summary>Many records a key; an equal record is stored once.</summary>
    Bag = 2,

    /// <summary>Many records a key, equal ones too, in the order in which they were put.</summary>
    DuplicateBag = 3,
}
