namespace SuperCache.Wire;

/// <summary>The types that travel without being registered and hold no other values.</summary>
internal static class Scalars
{
    /// <summary>All of them, in the order of their codes.</summary>
    public static IReadOnlyList<ValueCodec> All { get; } = [.. Integers(), .. Fractions(), .. Texts(), .. Times()];

    private static ValueCodec[] Integers() =>
    [
        Of<bool>(
            WireTypeCode.Boolean, 1,
            static (ref w, v) => w.WriteBoolean(v),
            static (ref r) => r.ReadBoolean()),
        Of<sbyte>(
            WireTypeCode.SByte, 1,
            static (ref w, v) => w.WriteSigned(v),
            static (ref r) => (sbyte)r.ReadSigned(sbyte.MinValue, sbyte.MaxValue)),
        Of<byte>(
            WireTypeCode.Byte, 1,
            static (ref w, v) => w.WriteUnsigned(v),
            static (ref r) => (byte)r.ReadUnsigned(byte.MaxValue)),
        Of<short>(
            WireTypeCode.Int16, 1,
            static (ref w, v) => w.WriteSigned(v),
            static (ref r) => (short)r.ReadSigned(short.MinValue, short.MaxValue)),
        Of<ushort>(
            WireTypeCode.UInt16, 1,
            static (ref w, v) => w.WriteUnsigned(v),
            static (ref r) => (ushort)r.ReadUnsigned(ushort.MaxValue)),
        Of<int>(
            WireTypeCode.Int32, 1,
            static (ref w, v) => w.WriteSigned(v),
            static (ref r) => (int)r.ReadSigned(int.MinValue, int.MaxValue)),
        Of<uint>(
            WireTypeCode.UInt32, 1,
            static (ref w, v) => w.WriteUnsigned(v),
            static (ref r) => (uint)r.ReadUnsigned(uint.MaxValue)),
        Of<long>(
            WireTypeCode.Int64, 1,
            static (ref w, v) => w.WriteSigned(v),
            static (ref r) => r.ReadSigned(long.MinValue, long.MaxValue)),
        Of<ulong>(
            WireTypeCode.UInt64, 1,
            static (ref w, v) => w.WriteUnsigned(v),
            static (ref r) => r.ReadUnsigned(ulong.MaxValue)),
        Of<Int128>(WireTypeCode.Int128, WideValues.PayloadBytes, WideValues.WriteInt128, WideValues.ReadInt128),
        Of<UInt128>(WireTypeCode.UInt128, WideValues.PayloadBytes, WideValues.WriteUInt128, WideValues.ReadUInt128),
    ];

    private static ValueCodec[] Fractions() =>
    [
        Of<Half>(
            WireTypeCode.Half, 1,
            static (ref w, v) => w.WriteUnsigned(BitConverter.HalfToUInt16Bits(v)),
            static (ref r) => BitConverter.UInt16BitsToHalf((ushort)r.ReadUnsigned(ushort.MaxValue))),
        Of<float>(
            WireTypeCode.Single, 1 + sizeof(float),
            static (ref w, v) => w.WriteSingle(v),
            static (ref r) => r.ReadSingle()),
        Of<double>(
            WireTypeCode.Double, 1 + sizeof(double),
            static (ref w, v) => w.WriteDouble(v),
            static (ref r) => r.ReadDouble()),
        Of<decimal>(WireTypeCode.Decimal, WideValues.PayloadBytes, WideValues.WriteDecimal, WideValues.ReadDecimal),
    ];

    private static ValueCodec[] Texts() =>
    [
        Of<char>(
            WireTypeCode.Char, 1,
            static (ref w, v) => w.WriteUnsigned(v),
            static (ref r) => (char)r.ReadUnsigned(char.MaxValue)),
        Of<string?>(
            WireTypeCode.String, 1,
            static (ref w, v) => w.WriteString(v),
            static (ref r) => r.ReadString()),
        Of<byte[]?>(
            WireTypeCode.Bytes, 1,
            static (ref w, v) => w.WriteBytes(v),
            static (ref r) => r.ReadBytes().ToArray()),
        Of<Guid>(WireTypeCode.Guid, WideValues.PayloadBytes, WideValues.WriteGuid, WideValues.ReadGuid),
    ];

    private static ValueCodec[] Times() =>
    [
        Of<DateTime>(WireTypeCode.DateTime, 1, TimeValues.WriteDateTime, TimeValues.ReadDateTime),
        Of<DateTimeOffset>(
            WireTypeCode.DateTimeOffset, 2, TimeValues.WriteDateTimeOffset, TimeValues.ReadDateTimeOffset),
        Of<DateOnly>(
            WireTypeCode.DateOnly, 1, static (ref w, v) => w.WriteSigned(v.DayNumber), TimeValues.ReadDateOnly),
        Of<TimeOnly>(WireTypeCode.TimeOnly, 1, static (ref w, v) => w.WriteSigned(v.Ticks), TimeValues.ReadTimeOnly),
        Of<TimeSpan>(
            WireTypeCode.TimeSpan, 1,
            static (ref w, v) => w.WriteSigned(v.Ticks),
            static (ref r) => new TimeSpan(r.ReadSigned(long.MinValue, long.MaxValue))),
        Of<Uri?>(WireTypeCode.Uri, 1, TextValues.WriteUri, TextValues.ReadUri),
        Of<Version?>(WireTypeCode.Version, 1, TextValues.WriteVersion, TextValues.ReadVersion),
    ];

    private static ScalarCodec<T> Of<T>(WireTypeCode code, int shortest, PayloadWrite<T> write, PayloadRead<T> read) =>
        new(TypeDescriptor.Of(code), shortest, write, read);
}
