using SuperCache.Partitions;

namespace SuperCache.Replication.Operations;

/// <summary>The keys of a copy by the buckets of a snapshot, so that a bucket can be read, or emptied, without looking
/// at the others.</summary>
/// <remarks>Filled once and kept up to date by puts while it is there. A key may be in it more than once, and need not
/// be in the tables any more: whoever reads it asks the tables. A bucket that has grown to twice what it last had is
/// rid of repetitions, so that it stays in proportion to its keys.</remarks>
/// <param name="bucketCount">A power of two.</param>
internal sealed class BucketIndex(int bucketCount)
{
    private const int FirstBound = 1_024;

    /// <summary>The tables that have copies.</summary>
    public static readonly TableId[] Tables = [TableId.Records, TableId.Bytes];

    private readonly List<object>?[,] _keys = new List<object>?[Tables.Length, bucketCount];
    private readonly int[,] _bounds = new int[Tables.Length, bucketCount];

    public int BucketCount => bucketCount;

    /// <summary>When it was last asked, in milliseconds of the node's clock.</summary>
    public long UsedAt { get; set; }

    public void Add(TableId table, object key, ulong stableHash)
    {
        int bucket = (int)(stableHash & (uint)(bucketCount - 1));
        List<object> keys = _keys[(int)table, bucket] ??= [];
        keys.Add(key);
        ref int bound = ref _bounds[(int)table, bucket];
        if (keys.Count >= Math.Max(bound, FirstBound))
        {
            List<object> distinct = [.. keys.Distinct()];
            _keys[(int)table, bucket] = distinct;
            bound = distinct.Count * 2;
        }
    }

    /// <summary>The distinct keys of a bucket among fewer buckets, or as many.</summary>
    public IEnumerable<(TableId Table, object Key)> Keys(int bucket, int count)
    {
        foreach (TableId table in Tables)
        {
            for (int own = bucket; own < bucketCount; own += count)
            {
                foreach (object key in (_keys[(int)table, own] ?? []).Distinct().ToList())
                {
                    yield return (table, key);
                }
            }
        }
    }

    public void Clear(TableId table)
    {
        for (int bucket = 0; bucket < bucketCount; bucket++)
        {
            _keys[(int)table, bucket] = null;
        }
    }
}
