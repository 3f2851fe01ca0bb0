namespace SuperCache.Records;

/// <summary>The first byte of a value's <see cref="CanonicalBytes"/>.</summary>
/// <remarks>Part of what <see cref="StableHash"/> hashes: explicit, append only, never reused.</remarks>
internal enum CanonicalType : byte
{
    Null = 0,
    Boolean = 1,
    SByte = 2,
    Byte = 3,
    Int16 = 4,
    UInt16 = 5,
    Int32 = 6,
    UInt32 = 7,
    Int64 = 8,
    UInt64 = 9,
    Int128 = 10,
    UInt128 = 11,
    Half = 12,
    Single = 13,
    Double = 14,
    Decimal = 15,
    Char = 16,
    String = 17,
    Bytes = 18,
    Guid = 19,
    DateTime = 20,
    DateTimeOffset = 21,
    DateOnly = 22,
    TimeOnly = 23,
    TimeSpan = 24,
    Uri = 25,
    Version = 26,
    ValueTuple = 27,
    Tuple = 28,
    Array = 29,
    List = 30,
    Registered = 31,
}
