using System.Buffers;
using System.Runtime.CompilerServices;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>The checked records of one batch by partition, those of each partition in the order of the batch.</summary>
/// <remarks>Works in pooled arrays: lists that grow with each batch would cost more than storing its records. The
/// records are copied before they are checked, so that what was checked is what is stored, whatever the caller does
/// with them meanwhile; they stay where they are then.</remarks>
internal sealed class SortedBatch<TRecord> : IDisposable
    where TRecord : ITuple
{
    private const int FirstCapacity = 256;

    private readonly int _count;
    private readonly TRecord[] _records;
    private readonly ulong[] _keyHashes;

    /// <summary>Empty where none has one.</summary>
    private readonly EntryNode?[] _nodes;

    /// <summary>The places of the records, by partition.</summary>
    private readonly int[] _order;

    /// <summary>By partition, where its places end.</summary>
    private readonly int[] _ends;

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
        _nodes = [];
        _records = Copy(records, out _count);
        _keyHashes = ArrayPool<ulong>.Shared.Rent(_count);
        _order = ArrayPool<int>.Shared.Rent(_count);
        ulong[] partitionHashes = shape.IsOneHash ? _keyHashes : ArrayPool<ulong>.Shared.Rent(_count);
        try
        {
            shape.ReadAll<TRecord>(_records.AsSpan(0, _count), _keyHashes, partitionHashes);
            Sort(partitionHashes.AsSpan(0, _count));
            _nodes = NodesFor(terms, options);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            if (partitionHashes != _keyHashes)
            {
                ArrayPool<ulong>.Shared.Return(partitionHashes);
            }
        }
    }

    /// <summary>The records of a partition.</summary>
    public PendingPuts<TRecord> Of(int partition)
    {
        int start = partition == 0 ? 0 : _ends[partition - 1];
        return new PendingPuts<TRecord>(
            _records.AsSpan(0, _count),
            _keyHashes.AsSpan(0, _count),
            _nodes.AsSpan(0, Math.Min(_nodes.Length, _count)),
            _order.AsSpan(start, _ends[partition] - start));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_records, _count);
        ArrayPool<ulong>.Shared.Return(_keyHashes);
        ArrayPool<int>.Shared.Return(_order);
        if (_nodes.Length > 0)
        {
            Return(_nodes, _count);
        }
    }

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

    private void Sort(ReadOnlySpan<ulong> partitionHashes)
    {
        int[] ends = _ends;
        foreach (ulong hash in partitionHashes)
        {
            ends[HashBits.Partition(hash, ends.Length)]++;
        }

        int start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            (ends[i], start) = (start, start + ends[i]);
        }

        for (int i = 0; i < partitionHashes.Length; i++)
        {
            _order[ends[HashBits.Partition(partitionHashes[i], ends.Length)]++] = i;
        }
    }

    /// <summary>The same terms give each record a node of its own, or none of them one.</summary>
    private EntryNode?[] NodesFor(EntryTerms terms, CacheEntryOptions? options)
    {
        if (_count == 0 || terms.NodeFor(options) is not { } first)
        {
            return [];
        }

        EntryNode?[] nodes = ArrayPool<EntryNode?>.Shared.Rent(_count);
        nodes[0] = first;
        for (int i = 1; i < _count; i++)
        {
            nodes[i] = terms.NodeFor(options);
        }

        return nodes;
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
