using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>Reads one element of a record shape without boxing it: the key, or the partition value.</summary>
/// <typeparam name="TSlot">What a table stores inline: a value tuple, or a <see cref="BoxedRecord"/>.</typeparam>
internal abstract class RecordElement<TSlot>
{
    protected RecordElement(nint offset, Type type)
    {
        Offset = offset;
        Type = type;
    }

    /// <summary>Byte offset of the element inside the slot.</summary>
    public nint Offset { get; }

    /// <summary>The element's static type; the value's own type may be more derived when this is a reference
    /// type.</summary>
    public Type Type { get; }

    /// <summary>Hashes the element by run-time type and value. The element must not be null.</summary>
    public abstract ulong Hash(in TSlot slot, in KeyHasher hasher);

    /// <summary>Hashes the element of each slot, up to the first that is null; returns how many.</summary>
    public abstract int HashAll(ReadOnlySpan<TSlot> slots, in KeyHasher hasher, Span<ulong> hashes);

    /// <summary>Whether the element equals the same element of another slot, by run-time type and value.</summary>
    public abstract bool Matches(in TSlot slot, in TSlot other);

    /// <summary>Orders the element against the same element of another slot; see <see cref="KeyOrder"/>.</summary>
    public abstract int Compare(in TSlot slot, in TSlot other);

    /// <summary>Whether the element equals a boxed value, by run-time type and value. The value is asked, as
    /// everywhere.</summary>
    public abstract bool Matches(in TSlot slot, object value);

    /// <summary>Writes the element, without boxing it, as part of a tuple's <see cref="CanonicalBytes"/>.</summary>
    public abstract void Write(in TSlot slot, in CanonicalBytes output, int depth);

    public abstract bool IsNull(in TSlot slot);

    /// <summary>The element as an object; allocates when it is a value type.</summary>
    public abstract object? Box(in TSlot slot);

    /// <summary>The whole record as an object; allocates when it lies inline.</summary>
    public virtual ITuple Record(in TSlot slot) => (ITuple)slot!;
}

/// <inheritdoc cref="RecordElement{TSlot}"/>
internal class RecordElement<TSlot, T> : RecordElement<TSlot>
{
    public RecordElement(nint offset)
        : base(offset, typeof(T))
    {
    }

    public override ulong Hash(in TSlot slot, in KeyHasher hasher) => hasher.Hash(Read(in slot));

    public override int HashAll(ReadOnlySpan<TSlot> slots, in KeyHasher hasher, Span<ulong> hashes)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            ref readonly T value = ref Read(in slots[i]);
            if (value is null)
            {
                return i;
            }

            hashes[i] = hasher.Hash(value);
        }

        return slots.Length;
    }

    public override bool Matches(in TSlot slot, in TSlot other) =>
        EqualityComparer<T>.Default.Equals(Read(in slot), Read(in other));

    public override int Compare(in TSlot slot, in TSlot other) =>
        KeyOrder.CompareElements(Read(in slot), Read(in other));

    public override bool Matches(in TSlot slot, object value)
    {
        if (typeof(T).IsValueType)
        {
            return value is T typed && EqualityComparer<T>.Default.Equals(Read(in slot), typed);
        }

        return value.Equals(Read(in slot));
    }

    public override void Write(in TSlot slot, in CanonicalBytes output, int depth) =>
        output.Write(Read(in slot), depth);

    public override bool IsNull(in TSlot slot) => Read(in slot) is null;

    public override object? Box(in TSlot slot) => Read(in slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly T Read(in TSlot slot) =>
        ref Unsafe.As<TSlot, T>(ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in slot), Offset));
}
