using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SuperCache.Records;
using SuperCache.Storage;

namespace SuperCache;

/// <summary>The checked records of one batch by partition, those of each partition in the order of the batch.</summary>
/// <remarks>Works in pooled arrays: lists that grow with each batch would cost more than storing its records.</remarks>
/// <param name="shape">Checks the records.</param>
/// <param name="partitionCount">Among how many partitions they are divided.</param>
internal sealed class SortedBatch<TRecord>(RecordShape shape, int partitionCount) : IDisposable
    where TRecord : ITuple
{
    /// <summary>While reading, how many records a partition has; afterwards, where they end.</summary>
    private readonly int[] _ends = new int[partitionCount];

    private PendingPut<TRecord>[] _puts = [];
    private PendingPut<TRecord>[] _sorted = [];
    private int[] _partitions = [];
    private int _count;

    /// <summary>Checks and takes all records. To be called once.</summary>
    /// <exception cref="RecordShapeException">A record is null, too short, or lacks key or partition value.</exception>
    public void Read(IEnumerable<TRecord> records, EntryTerms terms, CacheEntryOptions? options)
    {
        Grow(records.TryGetNonEnumeratedCount(out int count) ? Math.Max(16, count) : 256);
        try
        {
            switch (records)
            {
                case TRecord[] array:
                    Read(array, terms, options);
                    break;
                case List<TRecord> list:
                    Read(CollectionsMarshal.AsSpan(list), terms, options);
                    break;
                default:
                    foreach (TRecord record in records)
                    {
                        Add(in record, terms, options);
                    }

                    break;
            }
        }
        catch (RecordShapeException error)
        {
            throw new RecordShapeException($"Record {_count} of the batch: {error.Message} Nothing was stored.", error);
        }

        Sort();
    }

    /// <summary>The records of a partition.</summary>
    public ReadOnlySpan<PendingPut<TRecord>> Of(int partition)
    {
        int start = partition == 0 ? 0 : _ends[partition - 1];
        return _sorted.AsSpan(start, _ends[partition] - start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_puts);
        Return(_sorted);
        ArrayPool<int>.Shared.Return(_partitions);
    }

    private void Read(ReadOnlySpan<TRecord> records, EntryTerms terms, CacheEntryOptions? options)
    {
        foreach (ref readonly TRecord record in records)
        {
            Add(in record, terms, options);
        }
    }

    private void Add(in TRecord record, EntryTerms terms, CacheEntryOptions? options)
    {
        RecordAddress address = record is null
            ? throw new RecordShapeException("The record is null; it must be a tuple.")
            : shape.Read(in record);
        if (_count >= _puts.Length || _count >= _partitions.Length)
        {
            Grow(_count * 2);
        }

        int partition = HashBits.Partition(address.PartitionHash, _ends.Length);
        _puts[_count] = new PendingPut<TRecord>(record, address.KeyHash, terms.NodeFor(options));
        _partitions[_count++] = partition;
        _ends[partition]++;
    }

    private void Sort()
    {
        int start = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            (_ends[i], start) = (start, start + _ends[i]);
        }

        _sorted = ArrayPool<PendingPut<TRecord>>.Shared.Rent(_count);
        for (int i = 0; i < _count; i++)
        {
            _sorted[_ends[_partitions[i]]++] = _puts[i];
        }
    }

    private void Grow(int size)
    {
        PendingPut<TRecord>[] puts = ArrayPool<PendingPut<TRecord>>.Shared.Rent(size);
        int[] partitions = ArrayPool<int>.Shared.Rent(size);
        _puts.AsSpan(0, _count).CopyTo(puts);
        _partitions.AsSpan(0, _count).CopyTo(partitions);
        Dispose();
        (_puts, _partitions) = (puts, partitions);
    }

    private void Return(PendingPut<TRecord>[] array)
    {
        // Not even for the pool's sake is a record kept longer than it is stored.
        array.AsSpan(0, Math.Min(_count, array.Length)).Clear();
        ArrayPool<PendingPut<TRecord>>.Shared.Return(array);
    }
}
