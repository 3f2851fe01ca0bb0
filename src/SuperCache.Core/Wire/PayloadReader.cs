using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using MessagePack;

namespace SuperCache.Wire;

/// <summary>Reads payloads without trusting them: checks a token's form, length and range before it reads or
/// allocates.</summary>
/// <remarks>
/// <para>A failure sticks: <see cref="Result"/> keeps the first one, and every read after it answers with a default.
/// Codecs need to look at <see cref="Failed"/> only where a default would not do.</para>
/// <para>Bounds: a count is accepted only when the bytes that are left, less those owed to the sequences around it,
/// hold that many of the shortest items. So the arrays of all open sequences together are proportional to the
/// bytes.</para>
/// <para>Every token is checked before <see cref="MessagePackReader"/> sees it, so that it has nothing to throw
/// about.</para>
/// </remarks>
internal ref struct PayloadReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private MessagePackReader _reader;
    private long _owed;
    private int _depth;

    public PayloadReader(ReadOnlyMemory<byte> bytes, CodecTable codecs)
    {
        _reader = new MessagePackReader(bytes);
        _bytes = bytes.Span;
        Codecs = codecs;
    }

    public readonly CodecTable Codecs { get; }

    public WireReadResult Result { get; private set; }

    public readonly bool Failed => Result != WireReadResult.Ok;

    /// <summary>How many bytes were read.</summary>
    public readonly int Consumed => (int)_reader.Consumed;

    private readonly ReadOnlySpan<byte> Rest => _bytes[Consumed..];

    /// <summary>Keeps the first failure.</summary>
    public void Fail(WireReadResult result)
    {
        if (!Failed)
        {
            Result = result;
        }
    }

    /// <summary>Reads a nil if there is one; false also when nothing can be read.</summary>
    public bool TryReadNil() => Peek() == MessagePackCode.Nil && _reader.TryReadNil();

    public bool ReadBoolean()
    {
        byte code = Peek();
        if (code is MessagePackCode.True or MessagePackCode.False)
        {
            return _reader.ReadBoolean();
        }

        Fail(WireReadResult.Malformed);
        return false;
    }

    public long ReadSigned(long min, long max)
    {
        if (!Has(MessagePackTokens.IntegerLength(Peek())))
        {
            return 0;
        }

        if (_reader.NextCode == MessagePackCode.UInt64)
        {
            ulong large = _reader.ReadUInt64();
            return large <= (ulong)Math.Max(max, 0) ? (long)large : Refuse();
        }

        long value = _reader.ReadInt64();
        return value >= min && value <= max ? value : Refuse();
    }

    public ulong ReadUnsigned(ulong max)
    {
        if (!Has(MessagePackTokens.IntegerLength(Peek())))
        {
            return 0;
        }

        if (MessagePackTokens.IsSigned(_reader.NextCode))
        {
            long value = _reader.ReadInt64();
            return value >= 0 && (ulong)value <= max ? (ulong)value : (ulong)Refuse();
        }

        ulong unsigned = _reader.ReadUInt64();
        return unsigned <= max ? unsigned : (ulong)Refuse();
    }

    public float ReadSingle() =>
        Has(Peek() == MessagePackCode.Float32 ? 1 + sizeof(float) : 0) ? _reader.ReadSingle() : 0;

    public double ReadDouble() =>
        Has(Peek() == MessagePackCode.Float64 ? 1 + sizeof(double) : 0) ? _reader.ReadDouble() : 0;

    /// <summary>Reads a bin; the span lies in the bytes read from.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        byte code = Peek();
        return code is MessagePackCode.Bin8 or MessagePackCode.Bin16 or MessagePackCode.Bin32 ? ReadRun() : Refused();
    }

    /// <summary>Reads a bin of exactly this length; empty when it is another.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        ReadOnlySpan<byte> bytes = ReadBytes();
        return bytes.Length == length ? bytes : Refused();
    }

    /// <summary>Reads a string; null after a failure.</summary>
    public string? ReadString()
    {
        byte code = Peek();
        if (MessagePackTokens.IsString(code))
        {
            ReadOnlySpan<byte> utf8 = ReadRun();
            if (!Failed && Utf8.IsValid(utf8))
            {
                return Encoding.UTF8.GetString(utf8);
            }
        }
        else
        {
            ReadOnlySpan<byte> utf16 = ReadBytes();
            if (!Failed && utf16.Length % sizeof(char) == 0)
            {
                return ReadUtf16(utf16);
            }
        }

        Fail(WireReadResult.Malformed);
        return null;
    }

    /// <summary>Reads the header of a sequence and owes it that many of its shortest items.</summary>
    /// <returns>The count; 0 after a failure.</returns>
    public int ReadCount(int shortestItem)
    {
        byte code = Peek();
        bool isArray = code is >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray
            or MessagePackCode.Array16 or MessagePackCode.Array32;
        int header = isArray ? MessagePackTokens.HeaderLength(code) : 0;
        if (!Has(header))
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = Rest;
        uint count = MessagePackTokens.Announced(rest[..header]);
        long needed = (long)count * shortestItem;
        if (needed > rest.Length - header - _owed)
        {
            Fail(WireReadResult.Truncated);
            return 0;
        }

        // The reader's own header reading reserves bytes too, but counts tokens where an item here may be several or
        // a raw run.
        _owed += needed;
        _ = _reader.ReadRaw(header);
        return (int)count;
    }

    /// <summary>Pays back what <see cref="ReadCount"/> owed to one item, which is read next.</summary>
    public void BeginItem(int shortestItem) => _owed -= shortestItem;

    /// <summary>Reads the descriptor of a value and finds its codec; null after a failure.</summary>
    public ValueCodec? ReadDescriptor()
    {
        if (Failed)
        {
            return null;
        }

        WireReadResult result = Codecs.Find(Rest, out ValueCodec? codec, out int length);
        if (result != WireReadResult.Ok)
        {
            Fail(result);
            return null;
        }

        _ = _reader.ReadRaw(length);
        return codec;
    }

    /// <summary>Reads a descriptor without asking whether what it names is known; empty after a failure.</summary>
    public ReadOnlySpan<byte> ReadDescriptorBytes()
    {
        if (Failed)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = Rest;
        WireReadResult result = TypeDescriptor.Measure(rest, out int length);
        if (result != WireReadResult.Ok)
        {
            Fail(result);
            return default;
        }

        _ = _reader.ReadRaw(length);
        return rest[..length];
    }

    /// <summary>Reads over the payload of a type that the application names: nil, an integer or a bin.</summary>
    public void SkipNamed()
    {
        if (TryReadNil() || Failed)
        {
            return;
        }

        int length = MessagePackTokens.IntegerLength(Peek());
        if (length == 0)
        {
            ReadBytes();
        }
        else if (Has(length))
        {
            _ = _reader.ReadRaw(length);
        }
    }

    /// <summary>Goes one value deeper; <see cref="Leave"/> comes back.</summary>
    public bool Enter()
    {
        if (++_depth > WireLimits.MaxValueDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Fail(WireReadResult.TooDeep);
        }

        return !Failed;
    }

    public void Leave() => _depth--;

    private static string ReadUtf16(ReadOnlySpan<byte> utf16) =>
        string.Create(utf16.Length / sizeof(char), utf16, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(char))..]);
            }
        });

    /// <summary>The next token's code; one that begins no token when nothing can be read.</summary>
    private byte Peek()
    {
        if (Failed)
        {
            return MessagePackCode.NeverUsed;
        }

        if (_reader.End)
        {
            Fail(WireReadResult.Truncated);
            return MessagePackCode.NeverUsed;
        }

        return _reader.NextCode;
    }

    /// <summary>Whether a token of this length is all there; a length of 0 stands for the wrong kind of
    /// token.</summary>
    private bool Has(int length)
    {
        if (length == 0)
        {
            Fail(WireReadResult.Malformed);
        }
        else if (length > Rest.Length)
        {
            Fail(WireReadResult.Truncated);
        }

        return !Failed;
    }

    /// <summary>Reads the string or bin that comes next.</summary>
    private ReadOnlySpan<byte> ReadRun()
    {
        int header = MessagePackTokens.HeaderLength(_reader.NextCode);
        if (!Has(header))
        {
            return default;
        }

        ReadOnlySpan<byte> rest = Rest;
        uint length = MessagePackTokens.Announced(rest[..header]);
        if (length > (uint)(rest.Length - header))
        {
            Fail(WireReadResult.Truncated);
            return default;
        }

        _ = _reader.ReadRaw(header + length);
        return rest.Slice(header, (int)length);
    }

    private long Refuse()
    {
        Fail(WireReadResult.Malformed);
        return 0;
    }

    private ReadOnlySpan<byte> Refused()
    {
        Fail(WireReadResult.Malformed);
        return default;
    }
}
