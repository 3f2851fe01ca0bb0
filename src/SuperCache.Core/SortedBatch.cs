using System.Buffers;
using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>The checked records of one batch by partition, those of each partition in the order of the batch.</summary>
/// <remarks>Works in pooled arrays: lists that grow with each batch would cost more than storing its records. The
/// records are copied before they are checked, so that what was checked is what is stored, whatever the caller does
/// with them meanwhile.</remarks>
internal sealed class SortedBatch<TRecord> : IDisposable
    where TRecord : ITuple
{
    private const int FirstCapacity = 256;

    /// <summary>By partition, where its records end.</summary>
    private readonly int[] _ends;
    private readonly PendingPut<TRecord>[] _sorted;
    private readonly int _count;

    /// <param name="records">The records.</param>
    /// <param name="shape">Checks them.</param>
    /// <param name="partitionCount">Among how many partitions they are divided.</param>
    /// <param name="terms">Give each its node.</param>
    /// <param name="options">What the caller wants of all of them.</param>
    /// <exception cref="RecordShapeException">A record is null, too short, or lacks its key or partition
    /// value.</exception>
    public SortedBatch(
        IEnumerable<TRecord> records,
        RecordShape shape,
        int partitionCount,
        EntryTerms terms,
        CacheEntryOptions? options)
    {
        _ends = new int[partitionCount];
        TRecord[] copies = Copy(records, out _count);
        ulong[] keyHashes = ArrayPool<ulong>.Shared.Rent(_count);
        ulong[] partitionHashes = shape.IsOneHash ? keyHashes : ArrayPool<ulong>.Shared.Rent(_count);
        try
        {
            shape.ReadAll<TRecord>(copies.AsSpan(0, _count), keyHashes, partitionHashes);
            _sorted = ArrayPool<PendingPut<TRecord>>.Shared.Rent(_count);
            Sort(copies.AsSpan(0, _count), keyHashes, partitionHashes, terms, options);
        }
        finally
        {
            Return(copies, _count);
            ArrayPool<ulong>.Shared.Return(keyHashes);
            if (partitionHashes != keyHashes)
            {
                ArrayPool<ulong>.Shared.Return(partitionHashes);
            }
        }
    }

    /// <summary>The records of a partition.</summary>
    public ReadOnlySpan<PendingPut<TRecord>> Of(int partition)
    {
        int start = partition == 0 ? 0 : _ends[partition - 1];
        return _sorted.AsSpan(start, _ends[partition] - start);
    }

    /// <inheritdoc/>
    public void Dispose() => Return(_sorted, _count);

    private static TRecord[] Copy(IEnumerable<TRecord> records, out int count)
    {
        count = 0;
        bool isCounted = records.TryGetNonEnumeratedCount(out int expected);
        TRecord[] copies = ArrayPool<TRecord>.Shared.Rent(isCounted ? expected : FirstCapacity);
        if (records is TRecord[] or List<TRecord>)
        {
            ((ICollection<TRecord>)records).CopyTo(copies, 0);
            count = expected;
            return copies;
        }

        foreach (TRecord record in records)
        {
            if (count == copies.Length)
            {
                TRecord[] more = ArrayPool<TRecord>.Shared.Rent(Math.Max(FirstCapacity, count * 2));
                copies.AsSpan(0, count).CopyTo(more);
                Return(copies, count);
                copies = more;
            }

            copies[count++] = record;
        }

        return copies;
    }

    private void Sort(
        ReadOnlySpan<TRecord> records,
        ReadOnlySpan<ulong> keyHashes,
        ReadOnlySpan<ulong> partitionHashes,
        EntryTerms terms,
        CacheEntryOptions? options)
    {
        int[] ends = _ends;
        for (int i = 0; i < records.Length; i++)
        {
            ends[HashBits.Partition(partitionHashes[i], ends.Length)]++;
        }

        int start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            (ends[i], start) = (start, start + ends[i]);
        }

        // The same terms give each record a node of its own, or none of them one.
        EntryNode? node = records.Length == 0 ? null : terms.NodeFor(options);
        bool haveNodes = node is not null;
        for (int i = 0; i < records.Length; i++)
        {
            int place = ends[HashBits.Partition(partitionHashes[i], ends.Length)]++;
            _sorted[place] = new PendingPut<TRecord>(records[i], keyHashes[i], node);
            node = haveNodes && i + 1 < records.Length ? terms.NodeFor(options) : null;
        }
    }

    /// <summary>Not even for the pool's sake is a record kept longer than it is stored.</summary>
    private static void Return<T>(T[] array, int count)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            array.AsSpan(0, count).Clear();
        }

        ArrayPool<T>.Shared.Return(array);
    }
}
