using System.Runtime.CompilerServices;

namespace SuperCache.Records;

/// <summary>Where a record's key and partition value stand, and how both are hashed.</summary>
/// <param name="keyPosition">0-based.</param>
/// <param name="partitionPosition">0-based.</param>
/// <param name="keyHasher">Hashes keys; seeded for each process.</param>
/// <param name="partitionHasher">Hashes partition values.</param>
/// <param name="isOrdered">Whether keys must have a place in the <see cref="KeyOrder"/>.</param>
internal sealed class RecordShape(
    int keyPosition, int partitionPosition, KeyHasher keyHasher, KeyHasher partitionHasher, bool isOrdered = false)
{
    private readonly KeyHasher _keyHasher = keyHasher;
    private readonly KeyHasher _partitionHasher = partitionHasher;

    public int KeyPosition => keyPosition;

    public KeyHasher KeyHasher => _keyHasher;

    /// <summary>Whether a value hashes alike as a key and as a partition value.</summary>
    public bool IsOneHasher { get; } = keyHasher.Equals(partitionHasher);

    /// <summary>Whether a record's key chooses its partition, by the key's own hash.</summary>
    public bool IsOneHash { get; } = keyPosition == partitionPosition && keyHasher.Equals(partitionHasher);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashKey<TKey>(TKey key) => _keyHasher.Hash(key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashPartition<TPartition>(TPartition value) => _partitionHasher.Hash(value);

    /// <summary>Reads and checks a record's key and partition value.</summary>
    /// <exception cref="RecordShapeException">The record is too short, or one of them is null.</exception>
    public RecordAddress Read<TRecord>(in TRecord record)
        where TRecord : ITuple => RecordLayout<TRecord>.IsInline ? ReadInline(in record) : ReadTuple(record);

    /// <summary>Reads and checks the keys and partition values of many records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="keyHashes">Filled, as long as the records.</param>
    /// <param name="partitionHashes">Filled, as long as the records; may be <paramref name="keyHashes"/> where
    /// <see cref="IsOneHash"/>.</param>
    /// <exception cref="RecordShapeException">A record is null, too short, or lacks one of them.</exception>
    public void ReadAll<TRecord>(
        ReadOnlySpan<TRecord> records, Span<ulong> keyHashes, Span<ulong> partitionHashes)
        where TRecord : ITuple
    {
        int read = 0;
        if (RecordLayout<TRecord>.Arity > Math.Max(keyPosition, partitionPosition) && !isOrdered)
        {
            read = RecordLayout<TRecord>.At(keyPosition).HashAll(records, in _keyHasher, keyHashes);
            if (!IsOneHash)
            {
                read = RecordLayout<TRecord>.At(partitionPosition)
                    .HashAll(records[..read], in _partitionHasher, partitionHashes);
            }
        }

        // The slow way, for all others, and to say what is wrong with the first that was not read.
        for (; read < records.Length; read++)
        {
            try
            {
                RecordAddress address = records[read] is null
                    ? throw new RecordShapeException("The record is null; it must be a tuple.")
                    : Read(in records[read]);
                (keyHashes[read], partitionHashes[read]) = (address.KeyHash, address.PartitionHash);
            }
            catch (RecordShapeException error)
            {
                throw new RecordShapeException(
                    $"Record {read} of the batch: {error.Message} Nothing was stored.", error);
            }
        }
    }

    /// <summary>Reads and checks a template's key and partition value, boxed.</summary>
    /// <exception cref="RecordShapeException">The template is too short, or one of them is null.</exception>
    public (object Key, RecordAddress Address) ReadTemplate(ITuple template)
    {
        RecordAddress address = ReadTuple(template);
        return (template[keyPosition]!, address);
    }

    /// <summary>Checks a record that is put into a partition chosen by the caller: its key alone matters.</summary>
    /// <exception cref="RecordShapeException">The record is too short, or its key is null.</exception>
    public ulong ReadKey<TRecord>(in TRecord record)
        where TRecord : ITuple
    {
        if (!RecordLayout<TRecord>.IsInline)
        {
            return _keyHasher.Hash(Key(record));
        }

        CheckLength(RecordLayout<TRecord>.Arity, keyPosition, "KeyPosition");
        RecordElement<TRecord> key = RecordLayout<TRecord>.At(keyPosition);
        if (key.IsNull(in record))
        {
            throw NullElement("key", keyPosition);
        }

        if (isOrdered)
        {
            KeyOrder.ThrowIfUnordered(key.Box(in record));
        }

        return key.Hash(in record, in _keyHasher);
    }

    private RecordAddress ReadInline<TRecord>(in TRecord record)
        where TRecord : ITuple
    {
        ulong keyHash = ReadKey(in record);
        if (IsOneHash)
        {
            return new RecordAddress(keyHash, keyHash);
        }

        CheckLength(RecordLayout<TRecord>.Arity, partitionPosition, "PartitionPosition");
        RecordElement<TRecord> value = RecordLayout<TRecord>.At(partitionPosition);
        return value.IsNull(in record)
            ? throw NullElement("partition value", partitionPosition)
            : new RecordAddress(keyHash, value.Hash(in record, in _partitionHasher));
    }

    private RecordAddress ReadTuple(ITuple record)
    {
        ulong keyHash = _keyHasher.Hash(Key(record));
        return IsOneHash
            ? new RecordAddress(keyHash, keyHash)
            : new RecordAddress(
                keyHash, _partitionHasher.Hash(
                    Element(record, partitionPosition, "PartitionPosition", "partition value")));
    }

    private object Key(ITuple record)
    {
        object key = Element(record, keyPosition, "KeyPosition", "key");
        if (isOrdered)
        {
            KeyOrder.ThrowIfUnordered(key);
        }

        return key;
    }

    private static object Element(ITuple record, int position, string option, string role)
    {
        CheckLength(record.Length, position, option);
        return record[position] ?? throw NullElement(role, position);
    }

    private static void CheckLength(int length, int position, string option)
    {
        if (length <= position)
        {
            throw new RecordShapeException(
                $"The record has {length} element(s); with {option} {position} it needs at least {position + 1}.");
        }
    }

    private static RecordShapeException NullElement(string role, int position) =>
        new($"The record's {role}, its element at position {position}, is null; it must have a value.");
}

/// <summary>The two hashes that lead to a record's place.</summary>
/// <param name="KeyHash">Leads within a partition.</param>
/// <param name="PartitionHash">Chooses the partition.</param>
internal readonly record struct RecordAddress(ulong KeyHash, ulong PartitionHash);
