using System.Runtime.CompilerServices;
using SuperCache.Records;

namespace SuperCache.Storage;

/// <summary>Decides whether a slot holds the key that is looked for; structs, so that each search is compiled for
/// its kind.</summary>
internal interface IKeyMatch<TSlot>
{
    bool Matches(ref TSlot slot);
}

/// <summary>A string, where the element's type is <see cref="string"/>.</summary>
internal readonly struct StringMatch<TSlot>(string key, nint offset) : IKeyMatch<TSlot>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref TSlot slot) =>
        string.Equals(Unsafe.As<TSlot, string>(ref Unsafe.AddByteOffset(ref slot, offset)), key);
}

/// <summary>A value, where the element's type is the value's own.</summary>
internal readonly struct ValueMatch<TSlot, TKey>(TKey key, nint offset) : IKeyMatch<TSlot>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref TSlot slot) =>
        EqualityComparer<TKey>.Default.Equals(Unsafe.As<TSlot, TKey>(ref Unsafe.AddByteOffset(ref slot, offset)), key);
}

/// <summary>A value, where the element is a reference that may be a box of it.</summary>
internal readonly struct UnboxedMatch<TSlot, TKey>(TKey key, nint offset) : IKeyMatch<TSlot>
{
    public bool Matches(ref TSlot slot) =>
        Unsafe.As<TSlot, object>(ref Unsafe.AddByteOffset(ref slot, offset)) is TKey own
        && EqualityComparer<TKey>.Default.Equals(own, key);
}

/// <summary>Any key, in whatever form the element has.</summary>
internal readonly struct ObjectMatch<TSlot>(object key, RecordElement<TSlot> element) : IKeyMatch<TSlot>
{
    public bool Matches(ref TSlot slot) => element.Matches(in slot, key);
}

/// <summary>The key of another slot of the same type.</summary>
internal readonly struct SameKeyMatch<TSlot>(TSlot other, RecordElement<TSlot> element) : IKeyMatch<TSlot>
{
    private readonly TSlot _other = other;

    public bool Matches(ref TSlot slot) => element.Matches(in slot, in _other);
}

