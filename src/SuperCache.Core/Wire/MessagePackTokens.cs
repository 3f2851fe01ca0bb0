using MessagePack;

namespace SuperCache.Wire;

/// <summary>What the first byte of a MessagePack token says about the token.</summary>
/// <remarks>Source: the MessagePack specification, github.com/msgpack/msgpack/blob/master/spec.md.</remarks>
internal static class MessagePackTokens
{
    /// <summary>Bytes of the integer token that begins so, the code counted; 0 when it is no integer.</summary>
    public static int IntegerLength(byte code) => code switch
    {
        <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt => 1,
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1 + sizeof(byte),
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 1 + sizeof(ushort),
        MessagePackCode.UInt32 or MessagePackCode.Int32 => 1 + sizeof(uint),
        MessagePackCode.UInt64 or MessagePackCode.Int64 => 1 + sizeof(ulong),
        _ => 0,
    };

    public static bool IsSigned(byte code) =>
        code is >= MessagePackCode.Int8 and <= MessagePackCode.Int64 or >= MessagePackCode.MinNegativeFixInt;

    public static bool IsString(byte code) =>
        code is >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr
            or >= MessagePackCode.Str8 and <= MessagePackCode.Str32;

    /// <summary>Bytes of the header of a string, a bin or an array, the code counted; 0 when it is none of
    /// them.</summary>
    public static int HeaderLength(byte code) => code switch
    {
        >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr => 1,
        >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray => 1,
        MessagePackCode.Str8 or MessagePackCode.Bin8 => 1 + sizeof(byte),
        MessagePackCode.Str16 or MessagePackCode.Bin16 or MessagePackCode.Array16 => 1 + sizeof(ushort),
        MessagePackCode.Str32 or MessagePackCode.Bin32 or MessagePackCode.Array32 => 1 + sizeof(uint),
        _ => 0,
    };

    /// <summary>The length or the count that a whole header announces.</summary>
    public static uint Announced(ReadOnlySpan<byte> header)
    {
        if (header.Length == 1)
        {
            bool isArray = header[0] <= MessagePackCode.MaxFixArray;
            return (uint)(header[0] - (isArray ? MessagePackCode.MinFixArray : MessagePackCode.MinFixStr));
        }

        uint value = 0;
        foreach (byte part in header[1..])
        {
            value = (value << 8) | part;
        }

        return value;
    }
}
