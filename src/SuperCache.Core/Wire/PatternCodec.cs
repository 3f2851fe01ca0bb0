using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SuperCache.Matching;

namespace SuperCache.Wire;

/// <summary>Match patterns as bytes: a count of elements, then for each a mark and what belongs to it.</summary>
/// <remarks>
/// <code>
/// pattern  i32 count, count × element
/// element  0                      any
///          1, i32 number          variable
///          2, pattern             tuple with placeholders
///          3, i32 length, bytes   value, as WireCodec writes it
/// </code>
/// </remarks>
internal static class PatternCodec
{
    private const byte Any = 0;
    private const byte Variable = 1;
    private const byte Nested = 2;
    private const byte Value = 3;

    /// <exception cref="UnsupportedValueException">A value does not travel.</exception>
    public static void Write(WireBuffer output, WireCodec codec, MatchPattern pattern)
    {
        WriteNumber(output, pattern.Elements.Length);
        foreach (PatternElement element in pattern.Elements)
        {
            switch (element.Kind)
            {
                case PatternElementKind.Any:
                    output.WriteByte(Any);
                    break;
                case PatternElementKind.Variable:
                    output.WriteByte(Variable);
                    WriteNumber(output, element.Variable);
                    break;
                case PatternElementKind.Nested:
                    output.WriteByte(Nested);
                    Write(output, codec, (MatchPattern)element.Value!);
                    break;
                default:
                    output.WriteByte(Value);
                    int start = output.Length;
                    WriteNumber(output, 0);
                    codec.WriteValue(output, element.Value);
                    int length = output.Length - start - sizeof(int);
                    BinaryPrimitives.WriteInt32LittleEndian(output.At(start, sizeof(int)), length);
                    break;
            }
        }
    }

    /// <summary>Reads a pattern; null when the bytes are none.</summary>
    public static MatchPattern? Read(ref MessageReader reader, WireCodec codec)
    {
        ITuple? pattern = ReadTuple(ref reader, codec, MatchPattern.MaxDepth, owed: 0);
        return pattern is null || pattern.Length == 0 ? null : MatchPattern.Compile(pattern);
    }

    /// <param name="reader">Where the pattern begins.</param>
    /// <param name="codec">Reads values.</param>
    /// <param name="depth">How deep it may be.</param>
    /// <param name="owed">How many elements of the patterns around it are still to come, a byte each at least: what is
    /// left for them is not there for this one's, however deep it is.</param>
    private static ElementTuple? ReadTuple(ref MessageReader reader, WireCodec codec, int depth, int owed)
    {
        int count = reader.Count(leastBytesEach: 1);
        if (count > reader.Remaining - owed)
        {
            reader.Fail();
            return null;
        }

        object?[] elements = new object?[count];
        for (int i = 0; i < elements.Length && !reader.Failed; i++)
        {
            switch (reader.U8())
            {
                case Any:
                    elements[i] = new MatchPlaceholder(MatchPlaceholder.AnyNumber);
                    break;
                case Variable when reader.I32() is >= 0 and var number:
                    elements[i] = new MatchPlaceholder(number);
                    break;
                case Nested when depth > 1:
                    elements[i] = ReadTuple(ref reader, codec, depth - 1, owed + elements.Length - i - 1);
                    break;
                case Value when codec.ReadValue(reader.Bytes(), out elements[i]) == WireReadResult.Ok:
                    break;
                default:
                    reader.Fail();
                    break;
            }
        }

        return reader.Failed ? null : new ElementTuple(elements);
    }

    private static void WriteNumber(WireBuffer output, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }

    private sealed class ElementTuple(object?[] elements) : ITuple
    {
        public int Length => elements.Length;

        public object? this[int index] => elements[index];
    }
}
