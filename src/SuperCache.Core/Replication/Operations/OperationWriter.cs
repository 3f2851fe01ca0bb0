using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SuperCache.Matching;
using SuperCache.Partitions;
using SuperCache.Storage;
using SuperCache.Wire;

namespace SuperCache.Replication.Operations;

/// <summary>Makes operations; see <see cref="OperationCode"/> for their bytes.</summary>
/// <remarks>Safe for several threads. A value that does not travel is refused here, before anything has
/// changed.</remarks>
/// <param name="codec">Writes records and values.</param>
/// <param name="clock">Turns ends into lives.</param>
/// <param name="keyPosition">Where the keys of records stand, 0-based.</param>
internal sealed class OperationWriter(WireCodec codec, TimeProvider clock, int keyPosition)
{
    private const int MaxSpareBytes = 64 * 1024;

    [ThreadStatic]
    private static WireBuffer? _spare;

    /// <exception cref="UnsupportedValueException">An element does not travel, or the key is no key in a
    /// cluster.</exception>
    public byte[] Put<TRecord>(TableId table, in TRecord record, EntryNode? node)
        where TRecord : ITuple
    {
        using var draft = new Draft(OperationCode.Put, table);
        EntryTermsBytes.Of(node, clock).Write(draft.Output);
        codec.WriteRecord(draft.Output, record);
        EnsureKeyComesBack(in record);
        return draft.Output.ToArray();
    }

    /// <summary>A record as it lies in a put of many.</summary>
    /// <exception cref="UnsupportedValueException">An element does not travel, or the key is no key in a
    /// cluster.</exception>
    public void AppendRecord<TRecord>(WireBuffer output, in TRecord record)
        where TRecord : ITuple
    {
        int start = output.Length;
        output.Write("\0\0\0\0"u8);
        try
        {
            codec.WriteRecord(output, record);
            EnsureKeyComesBack(in record);
        }
        catch
        {
            output.Truncate(start);
            throw;
        }

        BinaryPrimitives.WriteInt32LittleEndian(
            output.At(start, sizeof(int)), output.Length - start - sizeof(int));
    }

    /// <summary>A put of records that <see cref="AppendRecord"/> has written.</summary>
    public static byte[] PutMany(TableId table, EntryTermsBytes terms, int count, ReadOnlySpan<byte> records)
    {
        using var draft = new Draft(OperationCode.PutMany, table);
        terms.Write(draft.Output);
        draft.Number(count);
        draft.Output.Write(records);
        return draft.Output.ToArray();
    }

    /// <summary>An operation that names one key.</summary>
    /// <exception cref="UnsupportedValueException">The key does not travel.</exception>
    public byte[] OfKey<TKey>(OperationCode code, TableId table, TKey key)
    {
        using var draft = new Draft(code, table);
        codec.WriteValue(draft.Output, key);
        return draft.Output.ToArray();
    }

    /// <summary>A key on its own.</summary>
    public byte[] Key(object key)
    {
        using var draft = new Draft();
        codec.WriteValue(draft.Output, key);
        return draft.Output.ToArray();
    }

    /// <summary>An operation that names several keys.</summary>
    public byte[] OfKeys(OperationCode code, TableId table, IReadOnlyCollection<(object Key, long Age)> keys)
    {
        using var draft = new Draft(code, table);
        draft.Number(keys.Count);
        foreach ((object key, long age) in keys)
        {
            if (code == OperationCode.Touch)
            {
                draft.Long(age);
            }

            int start = draft.Output.Length;
            draft.Number(0);
            codec.WriteValue(draft.Output, key);
            BinaryPrimitives.WriteInt32LittleEndian(
                draft.Output.At(start, sizeof(int)), draft.Output.Length - start - sizeof(int));
        }

        return draft.Output.ToArray();
    }

    /// <summary>An operation that carries a pattern.</summary>
    /// <exception cref="UnsupportedValueException">A value of the pattern does not travel.</exception>
    public byte[] OfPattern(OperationCode code, TableId table, MatchPattern pattern)
    {
        using var draft = new Draft(code, table);
        PatternCodec.Write(draft.Output, codec, pattern);
        return draft.Output.ToArray();
    }

    /// <summary>An operation that says everything by its code.</summary>
    public static byte[] Plain(OperationCode code, TableId table) => [(byte)code, (byte)table];

    /// <summary>Refuses a key that is equal only to itself: every copy reads its own from the bytes, and neither a
    /// caller nor the cluster itself could name such a record again.</summary>
    private void EnsureKeyComesBack<TRecord>(in TRecord record)
        where TRecord : ITuple
    {
        if (PlainElements<TRecord>.Is(in record, keyPosition))
        {
            return;
        }

        object key = record[keyPosition]!;
        WireReadResult result = codec.ReadValue(Key(key), out object? copy);
        if (result != WireReadResult.Ok || !key.Equals(copy) || !copy!.Equals(key))
        {
            throw UnsupportedValue.NoKey(key.GetType());
        }
    }

    /// <summary>An operation in the making, in a buffer that its thread uses again.</summary>
    private readonly ref struct Draft : IDisposable
    {
        public Draft()
        {
            Output = _spare ?? new WireBuffer();
            _spare = null;
        }

        public Draft(OperationCode code, TableId table)
            : this()
        {
            Output.WriteByte((byte)code);
            Output.WriteByte((byte)table);
        }

        public WireBuffer Output { get; }

        public void Number(int value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            Output.Write(bytes);
        }

        public void Long(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            Output.Write(bytes);
        }

        public void Dispose()
        {
            if (Output.Length > MaxSpareBytes)
            {
                Output.Dispose();
            }

            Output.Truncate(0);
            _spare = Output;
        }
    }
}
