namespace SuperCache.Benchmarks.Paired;

/// <summary>Matches over a large table.</summary>
public static class MatchContests
{
    private const int Records = 1_000_000;

    public static void Match(int rounds, TextWriter output)
    {
        SuperCacheEngine cache = SuperCacheEngine.StartAsync().AsTask().GetAwaiter().GetResult();
        SuperCacheEngine onePartition = SuperCacheEngine.StartAsync(
            new SuperCacheOptions { PartitionCount = 1 }).AsTask().GetAwaiter().GetResult();
        cache.PutBatch(Enumerable.Range(0, Records).Select(i => (i, i % 1_000, (long)i)));
        onePartition.PutBatch(Enumerable.Range(0, Records).Select(i => (i, i % 1_000, (long)i)));

        const int Lookups = 100_000;
        int[] keys = Zipf.Draw(Records, Lookups, 3);
        new Contest($"GetByMatch with a bound key against TryGet, {Records:N0} records", Lookups)
            .Add("TryGet", _ => Array.ForEach(keys, key => cache.TryGet(key, out (int, int, long) _)))
            .Add("GetByKey", _ => Array.ForEach(keys, key => cache.GetByKey(key)))
            .Add("GetByMatchObject, all partitions", _ =>
                Array.ForEach(keys, key => cache.GetByMatchObject((key, SuperCache.Match.Any, SuperCache.Match.Any))))
            .Add("GetByMatch, all partitions", _ =>
                Array.ForEach(keys, key => cache.GetByMatch((key, SuperCache.Match.Var(0), SuperCache.Match.Any))))
            .Add("GetByMatch, scope of one", _ => Array.ForEach(keys, key =>
                cache.GetByMatch((key, SuperCache.Match.Var(0), SuperCache.Match.Any), PartitionScope.Of(key))))
            .Run(rounds, output);

        // A loop of independent reads overlaps their waits for memory, which no caller does who uses the answer.
        long before = 0;
        new Contest($"The same, each read's key from the answer before, {Records:N0} records", Lookups)
            .Add("TryGet", _ => Array.ForEach(keys, key =>
            {
                cache.TryGet(key + (int)(before >> 40), out (int, int, long Value) record);
                before = record.Value;
            }))
            .Add("GetByMatch, all partitions", _ => Array.ForEach(keys, key => before = (long)cache.GetByMatch(
                (key + (int)(before >> 40), SuperCache.Match.Any, SuperCache.Match.Var(0)))[0][0]!))
            .Run(rounds, output);

        new Contest($"Full match that binds 0.1 % of {Records:N0} records of three elements (M records/s)", Records)
            .Add("one partition, one core", _ =>
                onePartition.GetByMatch((SuperCache.Match.Var(0), 7, SuperCache.Match.Any)))
            .Add("a partition for each core", _ => cache.GetByMatch((SuperCache.Match.Var(0), 7, SuperCache.Match.Any)))
            .Add("Scan, one partition", _ => onePartition.Scan(0L, (n, _) => n + 1))
            .Run(rounds, output);
    }
}
