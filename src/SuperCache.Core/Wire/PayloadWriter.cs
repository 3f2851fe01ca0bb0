using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using MessagePack;

namespace SuperCache.Wire;

/// <summary>Writes payloads as MessagePack. With <see cref="PayloadReader"/> the only user of the MessagePack
/// package.</summary>
internal ref struct PayloadWriter
{
    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    private MessagePackWriter _writer;
    private int _depth;

    public PayloadWriter(WireBuffer output, CodecTable codecs)
    {
        _writer = new MessagePackWriter(output);
        Codecs = codecs;
    }

    public readonly CodecTable Codecs { get; }

    /// <summary>Hands what was written to the buffer.</summary>
    public void Flush() => _writer.Flush();

    public void WriteNil() => _writer.WriteNil();

    public void WriteBoolean(bool value) => _writer.Write(value);

    public void WriteSigned(long value) => _writer.Write(value);

    public void WriteUnsigned(ulong value) => _writer.Write(value);

    public void WriteSingle(float value) => _writer.Write(value);

    public void WriteDouble(double value) => _writer.Write(value);

    public void WriteCount(int count) => _writer.WriteArrayHeader(count);

    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        _writer.WriteBinHeader(value.Length);
        WriteRaw(value);
    }

    public void WriteRaw(scoped ReadOnlySpan<byte> value)
    {
        // Not the writer's own WriteRaw, which the compiler cannot know to let go of a span on the stack.
        value.CopyTo(_writer.GetSpan(value.Length));
        _writer.Advance(value.Length);
    }

    /// <summary>Writes UTF-8; a string with a lone surrogate, which UTF-8 cannot hold, goes as its UTF-16 in a
    /// bin.</summary>
    public void WriteString(string? value)
    {
        if (value is null || IsWellFormed(value))
        {
            _writer.Write(value);
            return;
        }

        int length = value.Length * sizeof(char);
        _writer.WriteBinHeader(length);
        Span<byte> target = _writer.GetSpan(length);
        for (int i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(i * sizeof(char))..], value[i]);
        }

        _writer.Advance(length);
    }

    /// <summary>Goes one value deeper; <see cref="Leave"/> comes back.</summary>
    /// <exception cref="UnsupportedValueException">Values are nested too deep, perhaps in a circle.</exception>
    public void Enter()
    {
        if (++_depth > WireLimits.MaxValueDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw UnsupportedValue.TooDeep(WireLimits.MaxValueDepth);
        }
    }

    public void Leave() => _depth--;

    private static bool IsWellFormed(string text)
    {
        ReadOnlySpan<char> rest = text;
        int surrogate = rest.IndexOfAny(Surrogates);
        while (surrogate >= 0)
        {
            rest = rest[surrogate..];
            if (Rune.DecodeFromUtf16(rest, out _, out int used) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[used..];
            surrogate = rest.IndexOfAny(Surrogates);
        }

        return true;
    }
}
