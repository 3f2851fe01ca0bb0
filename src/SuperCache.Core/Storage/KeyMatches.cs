using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Decides whether a slot's content holds the key that is looked for; structs, so that each search is compiled
/// for its kind.</summary>
internal interface IKeyMatch<TContent>
{
    bool Matches(ref TContent content);

    /// <summary>The key as an object; allocates when it is a value.</summary>
    object Box();
}

/// <summary>A string, where the element's type is <see cref="string"/>.</summary>
internal readonly struct StringMatch<TContent>(string key, nint offset) : IKeyMatch<TContent>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref TContent content) =>
        string.Equals(Unsafe.As<TContent, string>(ref Unsafe.AddByteOffset(ref content, offset)), key);

    public object Box() => key;
}

/// <summary>A value, where the element's type is the value's own.</summary>
internal readonly struct ValueMatch<TContent, TKey>(TKey key, nint offset) : IKeyMatch<TContent>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref TContent content) => EqualityComparer<TKey>.Default.Equals(
        Unsafe.As<TContent, TKey>(ref Unsafe.AddByteOffset(ref content, offset)), key);

    public object Box() => key!;
}

/// <summary>A value, where the element is a reference that may be a box of it.</summary>
internal readonly struct UnboxedMatch<TContent, TKey>(TKey key, nint offset) : IKeyMatch<TContent>
{
    public bool Matches(ref TContent content) =>
        Unsafe.As<TContent, object>(ref Unsafe.AddByteOffset(ref content, offset)) is TKey own
        && EqualityComparer<TKey>.Default.Equals(own, key);

    public object Box() => key!;
}

/// <summary>Any key, in whatever form the element has.</summary>
internal readonly struct ObjectMatch<TContent>(object key, RecordElement<TContent> element) : IKeyMatch<TContent>
{
    public bool Matches(ref TContent content) => element.Matches(in content, key);

    public object Box() => key;
}

/// <summary>The key of another content of the same type.</summary>
internal readonly struct SameKeyMatch<TContent>(TContent other, RecordElement<TContent> element) : IKeyMatch<TContent>
{
    private readonly TContent _other = other;

    public bool Matches(ref TContent content) => element.Matches(in content, in _other);

    public object Box() => element.Box(in _other)!;
}

/// <summary>No key: looks for a vacant slot only.</summary>
internal readonly struct NoMatch<TContent> : IKeyMatch<TContent>
{
    public bool Matches(ref TContent content) => false;

    public object Box() => throw new NotSupportedException();
}
