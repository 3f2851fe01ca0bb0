using System.Buffers.Binary;

namespace SuperCache.Wire;

/// <summary>The payloads of 16 bytes: a bin, little endian.</summary>
internal static class WideValues
{
    /// <summary>Bytes of such a payload, its header counted.</summary>
    public const int PayloadBytes = 2 + Size;

    private const int Size = 16;
    private const int SignBit = int.MinValue;
    private const int ScaleShift = 16;
    private const int MaxScale = 28;

    public static void WriteInt128(ref PayloadWriter writer, Int128 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        writer.WriteBytes(bytes);
    }

    public static Int128 ReadInt128(ref PayloadReader reader) =>
        reader.ReadBytes(Size) is { Length: Size } bytes ? BinaryPrimitives.ReadInt128LittleEndian(bytes) : default;

    public static void WriteUInt128(ref PayloadWriter writer, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        writer.WriteBytes(bytes);
    }

    public static UInt128 ReadUInt128(ref PayloadReader reader) =>
        reader.ReadBytes(Size) is { Length: Size } bytes ? BinaryPrimitives.ReadUInt128LittleEndian(bytes) : default;

    public static void WriteGuid(ref PayloadWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        value.TryWriteBytes(bytes);
        writer.WriteBytes(bytes);
    }

    public static Guid ReadGuid(ref PayloadReader reader) =>
        reader.ReadBytes(Size) is { Length: Size } bytes ? new Guid(bytes) : default;

    /// <summary>Writes low, middle, high and flags, so that 1.0 and 1.00 keep their scale.</summary>
    public static void WriteDecimal(ref PayloadWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        Span<byte> bytes = stackalloc byte[Size];
        for (int i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], parts[i]);
        }

        writer.WriteBytes(bytes);
    }

    public static decimal ReadDecimal(ref PayloadReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes(Size);
        if (bytes.Length != Size)
        {
            return default;
        }

        Span<int> parts = stackalloc int[4];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        }

        int scale = (parts[3] & ~SignBit) >> ScaleShift;
        if (scale > MaxScale || (parts[3] & ~SignBit) != scale << ScaleShift)
        {
            reader.Fail(WireReadResult.Malformed);
            return default;
        }

        return new decimal(parts);
    }
}
