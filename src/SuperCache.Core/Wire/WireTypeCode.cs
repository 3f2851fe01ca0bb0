namespace SuperCache.Wire;

/// <summary>The first byte of a type descriptor.</summary>
/// <remarks>On the wire: explicit, append only, never reused. All are below 128, so that each is one MessagePack
/// integer of one byte. A new code is read by a whole release before any release writes it; see
/// docs/wire-format.md.</remarks>
internal enum WireTypeCode : byte
{
    /// <summary>The null of an element declared as object; no payload follows.</summary>
    Null = 0,

    /// <summary>Only as the declared type of an element: a descriptor and a payload of their own follow in its
    /// place.</summary>
    Object = 1,

    Boolean = 2,
    SByte = 3,
    Byte = 4,
    Int16 = 5,
    UInt16 = 6,
    Int32 = 7,
    UInt32 = 8,
    Int64 = 9,
    UInt64 = 10,
    Int128 = 11,
    UInt128 = 12,
    Half = 13,
    Single = 14,
    Double = 15,
    Decimal = 16,
    Char = 17,
    String = 18,
    Bytes = 19,
    Guid = 20,
    DateTime = 21,
    DateTimeOffset = 22,
    DateOnly = 23,
    TimeOnly = 24,
    TimeSpan = 25,
    Uri = 26,
    Version = 27,

    /// <summary>One descriptor follows.</summary>
    Nullable = 32,

    /// <summary>One descriptor follows; a byte array is <see cref="Bytes"/> instead.</summary>
    Array = 33,

    /// <summary>One descriptor follows.</summary>
    List = 34,

    /// <summary>The arity, 0 to 8, and as many descriptors follow; the eighth is the rest, itself a value
    /// tuple.</summary>
    ValueTuple = 35,

    /// <summary>The arity, 1 to 8, and as many descriptors follow; the eighth is the rest, itself a tuple.</summary>
    Tuple = 36,

    /// <summary>The name under which the application registered the enum follows.</summary>
    Enum = 37,

    /// <summary>The name under which the application registered the type follows.</summary>
    Registered = 38,
}
