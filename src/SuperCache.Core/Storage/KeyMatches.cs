using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Decides whether a slot's content holds the key that is looked for; structs, so that each search is compiled
/// for its kind.</summary>
/// <remarks>They are told where the content begins, not of what type it is: what depends on a type with references in
/// it is looked up at run time in the code that such types share, and not put in line.</remarks>
internal interface IKeyMatch
{
    /// <param name="content">The first byte of a content.</param>
    bool Matches(ref byte content);

    /// <summary>The key as an object; allocates when it is a value.</summary>
    object Box();
}

/// <summary>A string, where the element's type is <see cref="string"/>.</summary>
internal readonly struct StringMatch(string key, nint offset) : IKeyMatch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte content) =>
        string.Equals(Unsafe.As<byte, string>(ref Unsafe.AddByteOffset(ref content, offset)), key);

    public object Box() => key;
}

/// <summary>A value, where the element's type is the value's own.</summary>
internal readonly struct ValueMatch<TKey>(TKey key, nint offset) : IKeyMatch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte content) => EqualityComparer<TKey>.Default.Equals(
        Unsafe.As<byte, TKey>(ref Unsafe.AddByteOffset(ref content, offset)), key);

    public object Box() => key!;
}

/// <summary>A value, where the element is a reference that may be a box of it.</summary>
internal readonly struct UnboxedMatch<TKey>(TKey key, nint offset) : IKeyMatch
{
    public bool Matches(ref byte content) =>
        Unsafe.As<byte, object>(ref Unsafe.AddByteOffset(ref content, offset)) is TKey own
        && EqualityComparer<TKey>.Default.Equals(own, key);

    public object Box() => key!;
}

/// <summary>Any key, in whatever form the element has.</summary>
internal readonly struct ObjectMatch<TContent>(object key, RecordElement<TContent> element) : IKeyMatch
{
    public bool Matches(ref byte content) => element.Matches(in Unsafe.As<byte, TContent>(ref content), key);

    public object Box() => key;
}

/// <summary>The key of another content of the same type.</summary>
internal readonly struct SameKeyMatch<TContent>(TContent other, RecordElement<TContent> element) : IKeyMatch
{
    private readonly TContent _other = other;

    public bool Matches(ref byte content) => element.Matches(in Unsafe.As<byte, TContent>(ref content), in _other);

    public object Box() => element.Box(in _other)!;
}

/// <summary>No key: looks for a vacant slot only.</summary>
internal readonly struct NoMatch : IKeyMatch
{
    public bool Matches(ref byte content) => false;

    public object Box() => throw new NotSupportedException();
}
