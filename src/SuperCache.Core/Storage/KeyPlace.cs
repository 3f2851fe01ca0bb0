using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Where the key stands in what an index holds, and of what kind it is.</summary>
internal readonly struct KeyPlace
{
    public KeyPlace(nint offset, Type type)
    {
        Offset = offset;
        Kind = KeyKinds.Of(type);
    }

    /// <summary>In bytes from the start.</summary>
    public nint Offset { get; }

    public KeyKind Kind { get; }
}
