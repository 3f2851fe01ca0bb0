namespace SuperCache.Wire;

/// <summary>How the body of a frame is to be read.</summary>
/// <remarks>On the wire: explicit, append only, never reused. A reader refuses a frame with a flag that it does not
/// know, for it would misread the body. Bits 0 and 1 are kept for compressed bodies and for fragments.</remarks>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>All that this release knows.</summary>
    Known = None,
}
