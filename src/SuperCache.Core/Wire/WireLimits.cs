namespace SuperCache.Wire;

/// <summary>The bounds that writing refuses to pass and that reading checks before it allocates.</summary>
internal static class WireLimits
{
    /// <summary>How deep values that describe themselves may be nested in one another, the outermost counted.</summary>
    public const int MaxValueDepth = 16;

    /// <summary>How deep a type may be nested in one descriptor, the outermost counted.</summary>
    public const int MaxTypeDepth = 16;

    /// <summary>Bytes of one type descriptor, which bounds the number of types named in it.</summary>
    public const int MaxDescriptorBytes = 255;

    /// <summary>UTF-8 bytes of a registered type's name; what a MessagePack string with a header of one byte
    /// holds.</summary>
    public const int MaxNameBytes = 31;

    /// <summary>Bytes of a nullable value in memory. Its null is one byte on the wire, so this bounds what one byte
    /// allocates.</summary>
    public const int MaxNullableBytes = 64;

    /// <summary>Bytes of a value tuple in memory. Reading one keeps its parts on the stack, so this and the depths
    /// bound the stack that bytes from outside can ask for.</summary>
    public const int MaxTupleBytes = 1_024;

    /// <summary>Bytes of one encoded value or record.</summary>
    public const int MaxValueBytes = 16 * 1024 * 1024;

    /// <summary>How many generic types a node builds because the wire, not the application, named them first.</summary>
    public const int MaxForeignTypes = 1_024;

    /// <summary>Reading allocates at most this many bytes per byte read, plus <see cref="AllocationBase"/>; types
    /// seen for the first time (<see cref="MaxForeignTypes"/>) and the application's own serializers not
    /// counted.</summary>
    public const int AllocationFactor = 128;

    /// <inheritdoc cref="AllocationFactor"/>
    public const int AllocationBase = 4_096;
}
