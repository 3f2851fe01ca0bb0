using System.Diagnostics;
using System.Runtime.CompilerServices;
using MessagePack;

namespace SuperCache.Wire;

/// <summary>The door of the wire format: values and records to bytes, and back to values of exactly the same
/// types.</summary>
/// <remarks>
/// <para>A value is one byte of form version, the descriptor of its run-time type and its payload. So it can be kept
/// as opaque bytes, and read on its own. See docs/wire-format.md.</para>
/// <para>A tuple keeps its type: <c>("a", 1)</c> comes back as a <c>ValueTuple&lt;string, int&gt;</c>. An element
/// declared as <see cref="object"/> stays declared so, and its value keeps its own run-time type.</para>
/// <para>Writing either writes the whole value or nothing. Reading never throws, and allocates no more than
/// <see cref="WireLimits.AllocationFactor"/> allows. Safe for several threads.</para>
/// </remarks>
internal sealed class WireCodec(CodecTable codecs)
{
    /// <summary>The form of values that this release writes, and the newest it reads.</summary>
    public const byte FormVersion = 1;

    /// <summary>Appends a record.</summary>
    /// <exception cref="UnsupportedValueException">An element does not travel. Nothing was written.</exception>
    public void WriteRecord<TRecord>(WireBuffer output, TRecord record)
        where TRecord : ITuple
    {
        int start = output.Length;
        try
        {
            Write(output, record);
        }
        catch (UnsupportedValueException e)
        {
            output.Truncate(start);
            throw UnsupportedValue.At(UntravelledElement.Place(codecs, record), e);
        }
    }

    /// <summary>Appends a value: a key, a partition value, an element, null.</summary>
    /// <exception cref="UnsupportedValueException">The value does not travel. Nothing was written.</exception>
    public void WriteValue<T>(WireBuffer output, T value)
    {
        int start = output.Length;
        try
        {
            Write(output, value);
        }
        catch (UnsupportedValueException e)
        {
            output.Truncate(start);
            throw UnsupportedValue.At("The value", e);
        }
    }

    /// <summary>Reads a record that fills the bytes.</summary>
    /// <param name="bytes">What <see cref="WriteRecord"/> wrote, or anything.</param>
    /// <param name="record">The record; null unless the result is <see cref="WireReadResult.Ok"/>.</param>
    public WireReadResult ReadRecord(ReadOnlyMemory<byte> bytes, out ITuple? record)
    {
        WireReadResult result = ReadValue(bytes, out object? value);
        record = value as ITuple;
        return result == WireReadResult.Ok && record is null ? WireReadResult.Malformed : result;
    }

    /// <summary>The codec of the record or value that the bytes hold; null when there is none.</summary>
    public ValueCodec? CodecOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 1 && bytes[0] == FormVersion
            && codecs.Find(bytes[1..], out ValueCodec? codec, out _) == WireReadResult.Ok ? codec : null;

    /// <summary>Reads a record of a known type that fills the bytes, without boxing it.</summary>
    /// <param name="bytes">What <see cref="CodecOf"/> has found the type of.</param>
    /// <param name="codec">The type's codec.</param>
    /// <param name="record">The record; the type's default unless the result is
    /// <see cref="WireReadResult.Ok"/>.</param>
    public WireReadResult ReadRecord<TRecord>(
        ReadOnlyMemory<byte> bytes, ValueCodec<TRecord> codec, out TRecord? record)
    {
        record = default;
        if (bytes.Length > WireLimits.MaxValueBytes)
        {
            return WireReadResult.TooLarge;
        }

        var reader = new PayloadReader(bytes[1..], codecs);
        if (reader.ReadDescriptor() != codec || !reader.Enter())
        {
            return reader.Failed ? reader.Result : WireReadResult.Malformed;
        }

        TRecord read;
        try
        {
            read = codec.Read(ref reader);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            Debug.Fail("A token was read before it was checked.", e.ToString());
            return WireReadResult.Malformed;
        }

        if (!reader.Failed && reader.Consumed != bytes.Length - 1)
        {
            return WireReadResult.Malformed;
        }

        record = reader.Failed ? default : read;
        return reader.Result;
    }

    /// <summary>Reads one element of a record of which others may be of types that are not known here.</summary>
    /// <returns>The element; null when it cannot be read.</returns>
    public object? ReadElement(ReadOnlyMemory<byte> record, int position)
    {
        if (record.Length is 0 or > WireLimits.MaxValueBytes || record.Span[0] != FormVersion)
        {
            return null;
        }

        var reader = new PayloadReader(record[1..], codecs);
        try
        {
            object? element = ElementReader.Read(ref reader, position);
            return reader.Failed ? null : element;
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            Debug.Fail("A token was read before it was checked.", e.ToString());
            return null;
        }
    }

    /// <summary>Reads a value that fills the bytes.</summary>
    /// <param name="bytes">What <see cref="WriteValue"/> wrote, or anything.</param>
    /// <param name="value">The value, which may be null.</param>
    public WireReadResult ReadValue(ReadOnlyMemory<byte> bytes, out object? value)
    {
        value = null;
        if (bytes.IsEmpty)
        {
            return WireReadResult.Truncated;
        }

        if (bytes.Length > WireLimits.MaxValueBytes)
        {
            return WireReadResult.TooLarge;
        }

        if (bytes.Span[0] != FormVersion)
        {
            return WireReadResult.UnknownVersion;
        }

        var reader = new PayloadReader(bytes[1..], codecs);
        object? read = Read(ref reader);
        if (!reader.Failed && reader.Consumed != bytes.Length - 1)
        {
            return WireReadResult.Malformed;
        }

        value = reader.Failed ? null : read;
        return reader.Result;
    }

    /// <summary>Reads the value. One of three places that catch what the MessagePack reader throws; because
    /// <see cref="PayloadReader"/> checks each token first, it should have no reason to.</summary>
    private object? Read(ref PayloadReader reader)
    {
        try
        {
            return codecs.Objects.Read(ref reader);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            Debug.Fail("A token was read before it was checked.", e.ToString());
            reader.Fail(WireReadResult.Malformed);
            return null;
        }
    }

    private void Write<T>(WireBuffer output, T value)
    {
        int start = output.Length;
        output.WriteByte(FormVersion);
        var writer = new PayloadWriter(output, codecs);
        var typed = typeof(T).IsValueType ? codecs.Of(typeof(T)) as ValueCodec<T> : null;
        if (typed is { Descriptor.Code: not WireTypeCode.Nullable })
        {
            writer.Enter();
            writer.WriteRaw(typed.Descriptor.Bytes);
            typed.Write(ref writer, value);
        }
        else
        {
            codecs.Objects.Write(ref writer, value);
        }

        writer.Flush();
        int length = output.Length - start;
        if (length > WireLimits.MaxValueBytes)
        {
            throw UnsupportedValue.TooLarge(length, WireLimits.MaxValueBytes);
        }
    }
}
