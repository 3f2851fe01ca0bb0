using System.Collections;
using System.Runtime.CompilerServices;

namespace SuperCache;

/// <summary>Direct access to the partitions of a table.</summary>
internal sealed class PartitionSet : IPartitionSet
{
    private readonly CacheTable _table;
    private readonly ICachePartition[] _partitions;

    public PartitionSet(CacheTable table)
    {
        _table = table;
        _partitions = new ICachePartition[table.PartitionCount];
        for (int i = 0; i < _partitions.Length; i++)
        {
            _partitions[i] = new CachePartition(table, i);
        }
    }

    public int Count => _partitions.Length;

    public ICachePartition this[int index] => (uint)index < (uint)_partitions.Length
        ? _partitions[index]
        : throw new ArgumentOutOfRangeException(
            nameof(index),
                index, $"The partition index is {index}; it must be between 0 and {_partitions.Length - 1}.");

    public ICachePartition For<TPartition>(TPartition partitionValue)
        where TPartition : notnull => _partitions[IndexOf(partitionValue)];

    public int IndexOf<TPartition>(TPartition partitionValue)
        where TPartition : notnull => _table.IndexOf(partitionValue);

    public IEnumerator<ICachePartition> GetEnumerator() => _partitions.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class CachePartition(CacheTable table, int index) : ICachePartition
    {
        public int Index => index;

        public long Count => table.CountOf(index);

        public void Put<TRecord>(TRecord record, CacheEntryOptions? options = null)
            where TRecord : ITuple => table.Put(index, record, options);

        public IReadOnlyList<ITuple> Get<TKey>(TKey key)
            where TKey : notnull => table.Get(index, key);

        public bool TryGet<TKey, TRecord>(TKey key, out TRecord record)
            where TKey : notnull
            where TRecord : ITuple => table.TryGet(index, key, null, out record);

        public bool Delete<TKey>(TKey key)
            where TKey : notnull => table.Delete(index, key);
    }
}
