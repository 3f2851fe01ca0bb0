using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>A record that is not kept inline: a class, a tuple of more than seven elements, or a large one.</summary>
internal struct BoxedRecord(object key, ITuple record)
{
    public object Key = key;
    public ITuple Record = record;

    /// <summary>Reads <see cref="Key"/>; the first field of the struct, which a test asserts.</summary>
    public static RecordElement<BoxedRecord> KeyElement { get; } = new KeyReader(KeyOffset());

    private static nint KeyOffset()
    {
        BoxedRecord probe = default;
        return Unsafe.ByteOffset(
            ref Unsafe.As<BoxedRecord, byte>(ref probe), ref Unsafe.As<object, byte>(ref probe.Key));
    }

    private sealed class KeyReader(nint offset) : RecordElement<BoxedRecord, object>(offset)
    {
        public override ITuple Record(in BoxedRecord slot) => slot.Record;
    }
}
