using System.Text;

namespace SuperCache.Wire;

/// <summary>The bytes that name a type on the wire. One type has exactly one descriptor.</summary>
/// <param name="Bytes">A <see cref="WireTypeCode"/> and what follows it; never changed.</param>
/// <param name="Depth">How deep types are nested in it, itself counted.</param>
internal sealed record TypeDescriptor(byte[] Bytes, int Depth)
{
    private const byte ShortString = 0xA0;

    public WireTypeCode Code => (WireTypeCode)Bytes[0];

    /// <summary>Whether a value of such a type may travel.</summary>
    public bool IsWithinLimits =>
        Bytes.Length <= WireLimits.MaxDescriptorBytes && Depth <= WireLimits.MaxTypeDepth;

    public static TypeDescriptor Of(WireTypeCode code) => new([(byte)code], 1);

    public static TypeDescriptor Of(WireTypeCode code, TypeDescriptor inner) =>
        new([(byte)code, .. inner.Bytes], inner.Depth + 1);

    public static TypeDescriptor Named(WireTypeCode code, string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        return new([(byte)code, (byte)(ShortString | utf8.Length), .. utf8], 1);
    }

    public static TypeDescriptor Tuple(WireTypeCode code, params ReadOnlySpan<ValueCodec> elements)
    {
        List<byte> bytes = [(byte)code, (byte)elements.Length];
        int depth = 0;
        foreach (ValueCodec element in elements)
        {
            bytes.AddRange(element.Descriptor.Bytes);
            depth = Math.Max(depth, element.Descriptor.Depth);
        }

        return new([.. bytes], depth + 1);
    }

    /// <summary>Finds where the descriptor that begins here ends, checking its form and its limits on the
    /// way.</summary>
    public static WireReadResult Measure(ReadOnlySpan<byte> bytes, out int length)
    {
        ReadOnlySpan<byte> most = bytes[..Math.Min(bytes.Length, WireLimits.MaxDescriptorBytes)];
        length = 0;
        WireReadResult result = Skip(most, ref length, WireLimits.MaxTypeDepth);
        bool cutByLimit = result == WireReadResult.Truncated && most.Length < bytes.Length;
        return cutByLimit ? WireReadResult.TooLarge : result;
    }

    /// <summary>The length of the name that begins here, its header not counted; negative when there is none.</summary>
    public static int NameLength(byte header) =>
        header is > ShortString and <= ShortString + WireLimits.MaxNameBytes ? header - ShortString : -1;

    private static WireReadResult Skip(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        if (depth == 0)
        {
            return WireReadResult.TooLarge;
        }

        if (at == bytes.Length)
        {
            return WireReadResult.Truncated;
        }

        var code = (WireTypeCode)bytes[at++];
        switch (code)
        {
            case <= WireTypeCode.Version:
                return WireReadResult.Ok;
            case WireTypeCode.Nullable or WireTypeCode.Array or WireTypeCode.List:
                return Skip(bytes, ref at, depth - 1);
            case WireTypeCode.ValueTuple or WireTypeCode.Tuple:
                return SkipElements(bytes, ref at, depth);
            case WireTypeCode.Enum or WireTypeCode.Registered:
                return SkipName(bytes, ref at);
            default:
                return WireReadResult.UnknownType;
        }
    }

    private static WireReadResult SkipElements(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        if (at == bytes.Length)
        {
            return WireReadResult.Truncated;
        }

        int arity = bytes[at++];
        if (arity > CodecFactory.MaxArity)
        {
            return WireReadResult.Malformed;
        }

        WireReadResult result = WireReadResult.Ok;
        for (int i = 0; i < arity && result == WireReadResult.Ok; i++)
        {
            result = Skip(bytes, ref at, depth - 1);
        }

        return result;
    }

    private static WireReadResult SkipName(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at == bytes.Length)
        {
            return WireReadResult.Truncated;
        }

        int length = NameLength(bytes[at++]);
        if (length < 0)
        {
            return WireReadResult.Malformed;
        }

        if (length > bytes.Length - at)
        {
            return WireReadResult.Truncated;
        }

        at += length;
        return WireReadResult.Ok;
    }
}
