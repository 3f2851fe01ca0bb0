namespace SuperCache;

/// <summary>The partitions of a cache, by index.</summary>
public interface IPartitionSet : IReadOnlyList<ICachePartition>
{
    /// <summary>The partition of a partition value.</summary>
    /// <typeparam name="TPartition">The value's type.</typeparam>
    /// <param name="partitionValue">Not null.</param>
    /// <returns>The partition in which records with this value are kept.</returns>
    ICachePartition For<TPartition>(TPartition partitionValue)
        where TPartition : notnull;

    /// <summary>The index of the partition of a partition value. Source:
    /// <c>Partition.get_partition_order/1</c>.</summary>
    /// <typeparam name="TPartition">The value's type.</typeparam>
    /// <param name="partitionValue">Not null.</param>
    /// <returns>The index, from 0.</returns>
    int IndexOf<TPartition>(TPartition partitionValue)
        where TPartition : notnull;
}
