using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Hashing;
using SuperCache.Records;

namespace SuperCache.Wire;

/// <summary>The codecs of one node, found by type for writing and by descriptor for reading.</summary>
/// <remarks>Safe for several threads. A type has one codec for good, whoever needed it first: others keep codecs and
/// compare them. Types that the application itself hands over are always added; of those that only bytes from outside
/// named, at most a fixed number is, because a closed generic type is never unloaded.</remarks>
internal sealed class CodecTable : IRegisteredTypes
{
    private readonly ConcurrentDictionary<Type, ValueCodec> _byType = new();
    private readonly ConcurrentDictionary<byte[], ValueCodec> _byDescriptor = new(DescriptorComparer.Instance);
    private readonly ConcurrentDictionary<byte[], ValueCodec>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly ValueCodec?[] _byCode = new ValueCodec?[(int)WireTypeCode.Version + 1];
    private int _foreignLeft;

    /// <param name="registry">Read now, not kept.</param>
    /// <param name="foreignTypes">How many types that bytes from outside name first are built.</param>
    public CodecTable(WireTypeRegistry registry, int foreignTypes = WireLimits.MaxForeignTypes)
    {
        _bySpan = _byDescriptor.GetAlternateLookup<ReadOnlySpan<byte>>();
        _foreignLeft = foreignTypes;
        foreach (ValueCodec codec in (ValueCodec[])[.. Scalars.All, new ObjectCodec()])
        {
            _byCode[codec.Descriptor.Bytes[0]] = codec;
            _byType[codec.Type] = codec;
        }

        foreach (ValueCodec codec in registry.Codecs)
        {
            Keep(codec);
        }

        Keep(CodecFactory.Compose(WireTypeCode.ValueTuple, [])!);
        Objects = (ObjectCodec)_byType[typeof(object)];
    }

    /// <summary>Writes and reads values that describe themselves.</summary>
    public ObjectCodec Objects { get; }

    /// <summary>How many types bytes from outside may still name first.</summary>
    public int ForeignTypesLeft => Math.Max(0, Volatile.Read(ref _foreignLeft));

    /// <summary>The codec of a type; null when its values do not travel.</summary>
    public ValueCodec? Of(Type type) =>
        _byType.TryGetValue(type, out ValueCodec? codec) ? codec : Build(type);

    /// <summary>Why <see cref="Of"/> has no codec for a type: the part of it that does not travel, or its
    /// size.</summary>
    public UnsupportedValueException Refusal(Type type)
    {
        if (type == typeof(object) || CodecFactory.Decompose(type, out Type[] parts) is null)
        {
            return UnsupportedValue.UnknownType(type);
        }

        Type? part = Array.Find(parts, candidate => Of(candidate) is null);
        return part is null ? UnsupportedValue.TooLargeAType(type) : Refusal(part);
    }

    /// <summary>Finds the codec that the descriptor at the start of the bytes names, building it if it may
    /// be.</summary>
    public WireReadResult Find(ReadOnlySpan<byte> bytes, out ValueCodec? codec, out int length)
    {
        if (bytes.Length > 0 && bytes[0] < _byCode.Length)
        {
            var code = (WireTypeCode)bytes[0];
            length = 1;
            codec = code == WireTypeCode.Null ? NullCodec.Instance : _byCode[bytes[0]];
            return code == WireTypeCode.Object ? WireReadResult.Malformed : WireReadResult.Ok;
        }

        codec = null;
        WireReadResult result = TypeDescriptor.Measure(bytes, out length);
        if (result != WireReadResult.Ok)
        {
            return result;
        }

        if (_bySpan.TryGetValue(bytes[..length], out codec))
        {
            return WireReadResult.Ok;
        }

        int at = 0;
        return BuildForeign(bytes[..length], ref at, out codec);
    }

    public bool TryWrite(object value, IBufferWriter<byte> output)
    {
        ValueCodec? codec = Of(value.GetType());
        if (codec?.Descriptor.Code is not (WireTypeCode.Enum or WireTypeCode.Registered))
        {
            return false;
        }

        using var bytes = new WireBuffer();
        var writer = new PayloadWriter(bytes, this);
        writer.WriteRaw(codec.Descriptor.Bytes);
        codec.WriteObject(ref writer, value);
        writer.Flush();
        output.Write(bytes.Written);
        return true;
    }

    private ValueCodec? Build(Type type)
    {
        if (CodecFactory.Decompose(type, out Type[] types) is not { } code)
        {
            return null;
        }

        var parts = new ValueCodec[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            if (Of(types[i]) is not { } part)
            {
                return null;
            }

            parts[i] = part;
        }

        return CodecFactory.Compose(code, parts) is { } codec ? Keep(codec) : null;
    }

    /// <summary>Builds what a measured descriptor names, parts first.</summary>
    private WireReadResult BuildForeign(ReadOnlySpan<byte> bytes, ref int at, out ValueCodec? codec)
    {
        int start = at;
        var code = (WireTypeCode)bytes[at++];
        codec = null;
        if ((int)code < _byCode.Length)
        {
            codec = _byCode[(int)code];
            return codec is null ? WireReadResult.Malformed : WireReadResult.Ok;
        }

        if (code is WireTypeCode.Enum or WireTypeCode.Registered)
        {
            at += 1 + TypeDescriptor.NameLength(bytes[at]);
            return _bySpan.TryGetValue(bytes[start..at], out codec) ? WireReadResult.Ok : WireReadResult.UnknownType;
        }

        int arity = code is WireTypeCode.ValueTuple or WireTypeCode.Tuple ? bytes[at++] : 1;
        var parts = new ValueCodec[arity];
        for (int i = 0; i < arity; i++)
        {
            WireReadResult result = BuildForeign(bytes, ref at, out ValueCodec? part);
            if (result != WireReadResult.Ok)
            {
                return result;
            }

            parts[i] = part!;
        }

        return _bySpan.TryGetValue(bytes[start..at], out codec)
            ? WireReadResult.Ok
            : ComposeForeign(code, parts, out codec);
    }

    private WireReadResult ComposeForeign(WireTypeCode code, ValueCodec[] parts, out ValueCodec? codec)
    {
        codec = null;
        if (Interlocked.Decrement(ref _foreignLeft) < 0)
        {
            Interlocked.Increment(ref _foreignLeft);
            return WireReadResult.UnknownType;
        }

        ValueCodec? composed = CodecFactory.Compose(code, parts);
        codec = composed is null ? null : Keep(composed);
        if (composed is null || codec != composed)
        {
            Interlocked.Increment(ref _foreignLeft);
        }

        return codec is null ? WireReadResult.Malformed : WireReadResult.Ok;
    }

    /// <summary>Adds a codec, unless another thread has added one of the same type: then that one.</summary>
    private ValueCodec Keep(ValueCodec codec)
    {
        ValueCodec kept = _byDescriptor.GetOrAdd(codec.Descriptor.Bytes, codec);
        _byType.TryAdd(kept.Type, kept);
        return kept;
    }

    private sealed class DescriptorComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static DescriptorComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);
    }
}
