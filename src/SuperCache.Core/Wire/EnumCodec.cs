using System.Runtime.CompilerServices;

namespace SuperCache.Wire;

/// <summary>An enum that the application registered: its number.</summary>
internal sealed class EnumCodec<TEnum>(string name)
    : ValueCodec<TEnum>(TypeDescriptor.Named(WireTypeCode.Enum, name), 1)
    where TEnum : struct, Enum
{
    private static readonly bool IsSigned =
        Type.GetTypeCode(typeof(TEnum)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;

    private static readonly int UnusedBits = (sizeof(ulong) - Unsafe.SizeOf<TEnum>()) * 8;

    /// <summary>The number of an enum's value, sign extended where its type is signed.</summary>
    public static long Number(TEnum value)
    {
        long number = Unsafe.SizeOf<TEnum>() switch
        {
            sizeof(byte) => Unsafe.BitCast<TEnum, byte>(value),
            sizeof(ushort) => Unsafe.BitCast<TEnum, ushort>(value),
            sizeof(uint) => Unsafe.BitCast<TEnum, uint>(value),
            _ => Unsafe.BitCast<TEnum, long>(value),
        };
        return IsSigned ? number << UnusedBits >> UnusedBits : number;
    }

    public override void Write(ref PayloadWriter writer, TEnum value)
    {
        if (IsSigned)
        {
            writer.WriteSigned(Number(value));
        }
        else
        {
            writer.WriteUnsigned((ulong)Number(value));
        }
    }

    public override TEnum Read(ref PayloadReader reader)
    {
        long bits = IsSigned
            ? reader.ReadSigned(long.MinValue >> UnusedBits, long.MaxValue >> UnusedBits)
            : (long)reader.ReadUnsigned(ulong.MaxValue >> UnusedBits);
        return Unsafe.SizeOf<TEnum>() switch
        {
            sizeof(byte) => Unsafe.BitCast<byte, TEnum>((byte)bits),
            sizeof(ushort) => Unsafe.BitCast<ushort, TEnum>((ushort)bits),
            sizeof(uint) => Unsafe.BitCast<uint, TEnum>((uint)bits),
            _ => Unsafe.BitCast<long, TEnum>(bits),
        };
    }
}
