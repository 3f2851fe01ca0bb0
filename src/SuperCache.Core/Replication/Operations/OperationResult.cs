using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>What operations are answered, as bytes: nothing, or a mark and what belongs to it.</summary>
/// <remarks>
/// <code>
/// (empty)                                   done
/// 0, i64 count, u8 more                     deletes; counts
/// 0, i32 count, count × (i32 length, record)                          records
/// 0, i32 count, count × (i32 width, width × (i32 length, value))      bindings
/// 1, UTF-8 text                             refused; nothing was changed
/// 1, 0, UTF-8 text                          refused, because a comparison threw what the text says
/// </code>
/// Anything else is not understood here, and is no answer.
/// </remarks>
internal static class OperationResult
{
    /// <summary>The most that an answer may take: the largest record, and what belongs to it.</summary>
    public const int MaxBytes = WireLimits.MaxValueBytes + (64 * 1024);

    private const byte Done = 0;
    private const byte Refused = 1;

    /// <summary>Begins the text of a refusal that is a comparison's; no other text begins so.</summary>
    private const byte Failed = 0;

    /// <summary>Begins the text of a refusal that says that nothing was changed, which the text then does not; no other
    /// text begins so.</summary>
    private const byte Unchanged = 1;

    public static byte[] Count(long count, bool hasMore = false)
    {
        byte[] result = new byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(1), count);
        result[9] = hasMore ? (byte)1 : (byte)0;
        return result;
    }

    public static byte[] Refusal(ErrorText reason) => reason is { SaysUnchanged: true, Rest: "" }
        ? [Refused, Unchanged, .. Encoding.UTF8.GetBytes(reason.Problem)]
        : [Refused, .. Encoding.UTF8.GetBytes(reason.ToString())];

    /// <summary>A refusal because comparing keys or values threw.</summary>
    public static byte[] Failure(Exception error) =>
        [Refused, Failed, .. Encoding.UTF8.GetBytes($"{error.GetType()}: {error.Message}")];

    public static byte[] Records(List<ITuple> records, WireCodec codec)
    {
        using var output = new WireBuffer();
        Begin(output, records.Count);
        foreach (ITuple record in records)
        {
            int start = BeginLength(output);
            codec.WriteRecord(output, record);
            EndLength(output, start);
            if (output.Length > MaxBytes)
            {
                return TooLarge();
            }
        }

        return output.ToArray();
    }

    public static byte[] Bindings(List<object?[]> rows, WireCodec codec)
    {
        using var output = new WireBuffer();
        Begin(output, rows.Count);
        foreach (object?[] row in rows)
        {
            Number(output, row.Length);
            foreach (object? value in row)
            {
                int start = BeginLength(output);
                codec.WriteValue(output, value);
                EndLength(output, start);
                if (output.Length > MaxBytes)
                {
                    return TooLarge();
                }
            }
        }

        return output.ToArray();
    }

    public static (long Count, bool HasMore) ReadCount(byte[] result)
    {
        ThrowIfRefused(result);
        return result.Length == 0
            ? (0, false) : (BinaryPrimitives.ReadInt64LittleEndian(result.AsSpan(1)), result[9] != 0);
    }

    public static void ReadRecords<TRecord>(byte[] result, WireCodec codec, List<TRecord> into)
        where TRecord : ITuple
    {
        ThrowIfRefused(result);
        var reader = new MessageReader(result.AsSpan(Math.Min(1, result.Length)));
        int count = reader.Count(sizeof(int));
        for (int i = 0; i < count; i++)
        {
            WireReadResult outcome = codec.ReadRecord(reader.Bytes(), out ITuple? record);
            into.Add(RecordTypes.Cast<TRecord>(record ?? throw Unreadable(outcome)));
        }
    }

    public static void ReadBindings(byte[] result, WireCodec codec, List<object?[]> into)
    {
        ThrowIfRefused(result);
        var reader = new MessageReader(result.AsSpan(Math.Min(1, result.Length)));
        int count = reader.Count(sizeof(int));
        for (int i = 0; i < count; i++)
        {
            object?[] row = new object?[reader.Count(sizeof(int))];
            for (int j = 0; j < row.Length; j++)
            {
                WireReadResult outcome = codec.ReadValue(reader.Bytes(), out row[j]);
                if (outcome != WireReadResult.Ok)
                {
                    throw Unreadable(outcome);
                }
            }

            into.Add(row);
        }
    }

    /// <exception cref="UnsupportedValueException">The operation was refused where it was to be done.</exception>
    /// <exception cref="InvalidOperationException">A comparison threw there.</exception>
    public static void ThrowIfRefused(byte[] result)
    {
        switch (result)
        {
            case [] or [Done, ..]:
                return;
            case [Refused, Failed, .. var text]:
                throw new ComparisonFailedException(ErrorText.Unchanged(
                    "A key or a value threw when the partition's primary compared it.",
                    Encoding.UTF8.GetString(text)));
            case [Refused, Unchanged, .. var text]:
                throw new UnsupportedValueException(ErrorText.Unchanged(Encoding.UTF8.GetString(text)));
            case [Refused, .. var text]:
                throw new UnsupportedValueException(Encoding.UTF8.GetString(text));
            default:
                throw new UnsupportedValueException(
                    $"The answer of another node is of a kind, {result[0]}, that this release does not know.");
        }
    }

    private static UnsupportedValueException Unreadable(WireReadResult outcome) =>
        new($"A record of another node cannot be read here: {outcome}. "
            + "Register the same wire types under the same names at every node.");

    private static void Begin(WireBuffer output, int count)
    {
        output.WriteByte(Done);
        Number(output, count);
    }

    private static byte[] TooLarge() => Refusal(
        $"The answer of one partition takes more than {MaxBytes} bytes, and no more travel. Narrow the pattern, name a "
        + "partition value as its scope, or ask a node that has a copy of the partition, with ReadMode.Local.");

    private static int BeginLength(WireBuffer output)
    {
        Number(output, 0);
        return output.Length;
    }

    private static void EndLength(WireBuffer output, int start) =>
        BinaryPrimitives.WriteInt32LittleEndian(output.At(start - sizeof(int), sizeof(int)), output.Length - start);

    private static void Number(WireBuffer output, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }
}
