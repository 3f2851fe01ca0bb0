namespace SuperCache.Replication.Operations;

/// <summary>What a caller asks of one partition. On the wire: explicit, append only.</summary>
/// <remarks>
/// An operation is opaque to the protocol. Little endian:
/// <code>
/// all        u8 code, u8 table, then
/// Put        terms, record
/// PutMany    terms, i32 count, count × (i32 length, record)
/// Delete     key
/// DeleteMatch, Match, MatchRecords        pattern
/// Clear, Count
/// Expire, Evict                           i32 count, count × (i32 length, key)
/// Touch      i32 count, count × (i64 age in ticks, i32 length, key)
/// Get        key
///
/// terms      u8 marks, then as marked: 1 sliding (i64 ticks), 2 size (i64), 4 priority (u8), 8 life (i64 ticks)
/// </code>
/// Records, keys and values are as <see cref="Wire.WireCodec"/> writes them. Lives are what remains of them: clocks are
/// never compared. A put's bytes are also the value of its effect; the terms' life there means nothing any more, since
/// the effect carries deadlines of its own.
/// </remarks>
internal enum OperationCode : byte
{
    /// <summary>Stores a record.</summary>
    Put = 1,

    /// <summary>Stores records of one partition.</summary>
    PutMany = 2,

    /// <summary>Deletes the records of a key.</summary>
    Delete = 3,

    /// <summary>Deletes records that match, a bounded number at a time.</summary>
    DeleteMatch = 4,

    /// <summary>Deletes all records of a table.</summary>
    Clear = 5,

    /// <summary>The primary's upkeep: removes entries of some keys if their time has come.</summary>
    Expire = 6,

    /// <summary>The primary's upkeep: removes entries of some keys for room.</summary>
    Evict = 7,

    /// <summary>Keys with sliding entries were read.</summary>
    Touch = 8,

    /// <summary>Finds the records of a key.</summary>
    Get = 16,

    /// <summary>Finds what matching records bind.</summary>
    Match = 17,

    /// <summary>Finds matching records.</summary>
    MatchRecords = 18,

    /// <summary>Counts the records of a table.</summary>
    Count = 19,
}
