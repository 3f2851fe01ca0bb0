namespace SuperCache.Wire;

/// <summary>What became of an attempt to read bytes that another node sent.</summary>
/// <remarks>Not on the wire. Received bytes are never trusted, and being handed bad ones is weather, not an
/// exception.</remarks>
internal enum WireReadResult : byte
{
    Ok = 0,

    /// <summary>The bytes end before what they announce.</summary>
    Truncated = 1,

    /// <summary>A length, a count or a descriptor is above its limit.</summary>
    TooLarge = 2,

    /// <summary>Values are nested deeper than <see cref="WireLimits.MaxValueDepth"/>.</summary>
    TooDeep = 3,

    /// <summary>The type is not registered at this node, not known to this release, or one shape too many.</summary>
    UnknownType = 4,

    /// <summary>No writer writes such bytes.</summary>
    Malformed = 5,

    /// <summary>Written by a release whose form this one does not read.</summary>
    UnknownVersion = 6,
}
